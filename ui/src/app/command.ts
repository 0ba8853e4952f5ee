/** Commands for the terminal, to be copied from a page. */

/** A word of a command, quoted where a shell would read into it what it does not say. */
export function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A command in which every value is one word, whatever an address or a sender put into it. */
export function command(parts: TemplateStringsArray, ...values: string[]): string {
  return parts.reduce((line, part, index) => `${line}${word(values[index - 1] ?? '')}${part}`);
}

/** The flags that are set. */
export function flags(set: Record<string, string | undefined>): string {
  return Object.entries(set)
    .map(([flag, value]) => (value === undefined ? '' : ` --${flag} ${word(value)}`))
    .join('');
}
