/** The dark modules of a QR code as one path on a grid of one unit a module. Rows are of "1" for dark and "0" for light. */
export function qrPath(rows: string[]): string {
  return rows.map((row, y) => Array.from(row.matchAll(/1+/g), ({ index, 0: { length } }) => `M${index} ${y}h${length}v1h-${length}z`).join("")).join("");
}
