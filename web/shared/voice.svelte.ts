import { locale } from "./locale.svelte";

/**
 * Reads sentences to children who cannot read yet, with a voice that lives on this device. Voices that send the words elsewhere
 * are none of ours.
 */
class Voice {
  #voices = $state.raw<SpeechSynthesisVoice[]>([]);

  constructor() {
    if (typeof speechSynthesis === "undefined") return;
    const look = () => (this.#voices = speechSynthesis.getVoices().filter((voice) => voice.localService));
    look();
    speechSynthesis.addEventListener?.("voiceschanged", look); // they arrive late
  }

  /** Whether this device can read the language of the page. */
  get can(): boolean {
    return this.#mine !== undefined;
  }

  read(...sentences: string[]) {
    const voice = this.#mine;
    if (!voice) return;
    const speech = new SpeechSynthesisUtterance(sentences.join(" "));
    speech.voice = voice;
    speech.lang = voice.lang;
    speech.rate = 0.9;
    speechSynthesis.cancel();
    speechSynthesis.speak(speech);
  }

  get #mine(): SpeechSynthesisVoice | undefined {
    return this.#voices.find((voice) => voice.lang.slice(0, 2) === locale.current);
  }
}

export const voice = new Voice();
