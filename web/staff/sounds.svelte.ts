import { hush } from "../shared/sound";

/** Where it is kept whether this device makes sounds. */
const KEPT = "carrel.sounds";

let on = $state(localStorage.getItem(KEPT) !== "off");
hush(!on);

/** The cues of the desk on this device. Each also has a colour, a shape and words, so that nothing is lost without them. */
export const sounds = {
  get on(): boolean {
    return on;
  },
  choose(next: boolean) {
    on = next;
    localStorage.setItem(KEPT, next ? "on" : "off");
    hush(!next);
  },
};
