/**
 * The text of a function without what is no code: comments and regular expressions are gone, strings and the text of
 * templates are empty. What stands in `${}` of a template is code and stays.
 */
export function codeOf(fn: (...parameters: never) => unknown): string {
  return new TextReader(Function.prototype.toString.call(fn)).code();
}

/** After these a slash begins a regular expression and divides nothing. */
const BEFORE_EXPRESSION = /(?:^|[([{,;:?=!~&|+\-*%^<>]|\b(?:return|typeof|case|in|of|void|delete|throw))\s*$/;
const REGULAR_EXPRESSION = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const STRING = /'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*"/y;

/** Goes through a program's text once, from left to right. */
class TextReader {
  readonly #text: string;
  #at = 0;
  #code = '';

  constructor(text: string) {
    this.#text = text;
  }

  /** Up to the end, or up to the brace that closes the `${` before. */
  code(inTemplate = false): string {
    let depth = 0;
    while (this.#at < this.#text.length) {
      const character = this.#text.charAt(this.#at);
      if (inTemplate && character === '}' && depth === 0) {
        return this.#code;
      }
      depth += character === '{' ? 1 : character === '}' ? -1 : 0;
      this.#next(character);
    }
    return this.#code;
  }

  #next(character: string): void {
    switch (character) {
      case "'":
      case '"':
        return this.#replace(STRING, "''") ? undefined : this.#keep(character);
      case '`':
        return this.#template();
      case '/': {
        const skipped =
          this.#replace(COMMENT, ' ') ||
          (BEFORE_EXPRESSION.test(this.#code.slice(-16)) && this.#replace(REGULAR_EXPRESSION, "''"));
        return skipped ? undefined : this.#keep(character);
      }
      default:
        return this.#keep(character);
    }
  }

  /** From one backtick to the other; only the expressions between are kept. */
  #template(): void {
    this.#at++;
    while (this.#at < this.#text.length) {
      if (this.#text.startsWith('${', this.#at)) {
        this.#at += 2;
        this.#code += ' (';
        this.code(true);
        this.#code += ') ';
      } else if (this.#text.charAt(this.#at) === '`') {
        this.#at++;
        return;
      } else if (this.#text.charAt(this.#at) === '\\') {
        this.#at++;
      }
      this.#at++;
    }
  }

  #keep(character: string): void {
    this.#code += character;
    this.#at++;
  }

  #replace(pattern: RegExp, by: string): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) {
      return false;
    }
    this.#code += by;
    this.#at = pattern.lastIndex;
    return true;
  }
}
