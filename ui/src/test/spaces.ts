/** A text with plain spaces, for comparing: numbers are bound to their units by others. */
export function spaces(text: string | null): string | null {
  return text === null ? null : text.replace(/\u00a0/g, ' ');
}
