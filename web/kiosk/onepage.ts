const LOCK = "carrel.kiosk";
/** A page that reloads lets go of the lock a moment later than the new one asks for it, in milliseconds. */
const MOMENT = 1000;

/**
 * Lets one page of this kiosk work at a time in this browser: two would end each other's sessions. Tells when this page may work
 * and when it may not, and returns the function that takes the turn from the other. Without TLS browsers have no locks, and the
 * page works at once; the keys of the acts see to it that nothing is doubled.
 */
export function onePage(turn: (mine: boolean) => void): () => void {
  if (!navigator.locks) {
    turn(true);
    return () => {};
  }
  let mine = false;
  const forever = new Promise<never>(() => {});

  function queue(options: LockOptions = {}) {
    const work = () => {
      mine = true;
      turn(true);
      return forever;
    };
    navigator.locks.request(LOCK, options, work).catch(() => {
      mine = false;
      turn(false);
      queue();
    });
  }

  queue();
  setTimeout(() => mine || turn(false), MOMENT);
  return () => queue({ steal: true });
}
