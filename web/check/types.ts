export type Option = { id: string; text: string; text_es: string };

/** One question as a student sees it. */
export type Item = {
  id: string;
  kind: "choice" | "short" | "sort";
  prompt: string;
  prompt_es: string;
  choices?: Option[];
  sources?: Option[];
  bins?: Option[];
};

export type Paper = { run: string; title: string; title_es: string; when: "before" | "after"; names: boolean; language: string; items: Item[] };

/** A choice's id, a text, or the bin of each source. */
export type Answer = string | Record<string, string>;
