import { BarcodeDetector, prepareZXingModule } from "barcode-detector/ponyfill";
import reader from "zxing-wasm/reader/zxing_reader.wasm?url";

/** The codes of cards and of books; a reader of everything is slower and sees codes where there are none. */
const FORMATS = ["qr_code", "code_128", "code_39", "codabar", "ean_13", "itf"] as const;
/** Pictures looked at in a second are few on a weak tablet: one begins this many milliseconds after the one before. */
const PAUSE = 120;

prepareZXingModule({ overrides: { locateFile: (path: string, folder: string) => (path.endsWith(".wasm") ? reader : folder + path) } });

/** A code that was out of sight for this many milliseconds is shown anew. */
const GONE = 1500;

/** Looks for codes in a playing video until the returned function is called. A code in sight is told once. */
export function watch(video: HTMLVideoElement, onCode: (code: string) => void): () => void {
  const detector = new BarcodeDetector({ formats: [...FORMATS] });
  const seen = new Map<string, number>();
  let on = true;

  function see(code: string) {
    const now = performance.now();
    const fresh = now - (seen.get(code) ?? -Infinity) > GONE;
    seen.set(code, now);
    if (fresh) onCode(code);
  }

  async function look() {
    if (!on) return;
    try {
      const codes = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await detector.detect(video) : [];
      // The library's own label stands beside the ISBN on many a book.
      const code = codes.find(({ format }) => format !== "ean_13") ?? codes[0];
      if (on && code) see(code.rawValue);
    } catch (error) {
      console.warn(error); // one picture that could not be read; the next one may
    }
    setTimeout(look, PAUSE);
  }

  void look();
  return () => (on = false);
}
