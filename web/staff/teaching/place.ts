/** Sets computed numbers as properties of the element's own style, which the stylesheet turns into places: no page carries a style attribute. */
export const place = (numbers: Record<string, number>) => (element: HTMLElement) => {
  for (const [name, value] of Object.entries(numbers)) element.style.setProperty(`--${name}`, String(value));
};
