/**
 * What a field has into which a code is scanned: what was in it is replaced, and the Enter of the scanner sends no form. A scan anywhere
 * else opens whose card it is.
 */
export const takesScan = {
  "data-takes-scan": "",
  onfocus: (event: FocusEvent) => (event.currentTarget as HTMLInputElement).select(),
  onkeydown: (event: KeyboardEvent) => {
    if (event.key === "Enter") event.preventDefault();
  },
};
