import { describe, expect, test } from "vitest";
import { cardToken, mayBeLabel, oldLabel, plain } from "../kiosk/codes";

// Made by the server's own program.
const CARDS = ["carrel:p:60RK4CSM6MV3EE1SY", "carrel:p:CDGQ4WK5DHH6YVVBS", "carrel:p:00000000000000000"];

describe("card tokens", () => {
  test.each(CARDS)("%s is whole", (card) => expect(cardToken(card)).toBe(card));

  test.each([
    ["in capitals", (card: string) => card.toUpperCase()],
    ["of a QR reader that tells the symbology", (card: string) => `]Q1${card}`],
    ["typed on another keyboard", (card: string) => card.replaceAll(":", "Ñ")],
    ["with an O for a zero", (card: string) => card.replaceAll("0", "o")],
  ])("%s are read", (_name, change) => {
    for (const card of CARDS) expect(cardToken(change(card))).toBe(card);
  });

  test("every single wrong character is found", () => {
    for (const card of CARDS) {
      for (let at = 9; at < card.length; at++) {
        for (const letter of "0123456789ABCDEFGHJKMNPQRSTVWXYZ") {
          if (letter !== card[at]) expect(cardToken(card.slice(0, at) + letter + card.slice(at + 1))).toBeNull();
        }
      }
    }
  });

  test.each(["", "carrel:p:", "carrel:p:123", "30417000000123", `${CARDS[0]}0`])("%s is none", (code) => expect(cardToken(code)).toBeNull());
});

test.each([
  ["]C0T 32889", "T32889"],
  ["a30412000871b", "30412000871"],
  ["*T32889*", "T32889"],
  ["DAB", "DAB"],
  ["\tB12\r\n", "B12"],
])("plain(%s) is %s", (raw, want) => expect(plain(raw)).toBe(want));

test.each([
  ["30412000871", true],
  ["4006381333931", true],
  ["T 32889", true],
  ["https://example.org/a", false],
  ["WIFI:S:school;T:WPA;", false],
  ["mailto:someone@example.org", false],
  ["x".repeat(65), false],
  ["***", false],
])("mayBeLabel(%s) is %s", (code, want) => expect(mayBeLabel(code)).toBe(want));

test.each([
  ["20417000001273", "card"],
  ["A20417000001273B", "card"],
  ["30417000001271", "item"],
  ["9780141439518", "item"],
  ["20417000001274", "unclear"],
  ["204417", "unclear"],
])("oldLabel(%s) is %s", (code, want) => expect(oldLabel(code)).toBe(want));
