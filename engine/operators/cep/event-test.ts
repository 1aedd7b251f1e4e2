/** A condition that is ready to be asked: it knows where to find what was taken so far. */
export type EventTest = (event: unknown) => boolean;

/** The condition of steps that take any event. */
export const ANY: EventTest = () => true;

const NONE: EventTest = () => false;

export function not(test: EventTest): EventTest {
  return test === ANY ? NONE : (event) => !test(event);
}

export function and(left: EventTest, right: EventTest): EventTest {
  if (left === ANY) {
    return right;
  }
  return right === ANY ? left : (event) => left(event) && right(event);
}
