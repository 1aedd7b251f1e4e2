/** The words that scripts and conditions of the suite share: functions of values, which read nothing else. */

export function computeWord(word: string, values: readonly unknown[]): unknown {
  const [left, right] = values;
  switch (word) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case 'orElse':
      return left ?? right;
    case 'and':
      return values.every((value) => value === true);
    case 'or':
      return values.includes(true);
    case 'not':
      return left !== true;
    default:
      return calculate(word, left as number, right as number); // all other words are of numbers
  }
}

function calculate(word: string, a: number, b: number): unknown {
  switch (word) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '%':
      return a % b;
    case 'min':
      return Math.min(a, b);
    case 'max':
      return Math.max(a, b);
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      throw new Error(`The word "${word}" is not of the language`);
  }
}
