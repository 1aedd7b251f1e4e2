declare module 'asl-validator' {
  /** Checks a definition against the schema of the language and its references between states. */
  export default function validate(definition: unknown): { isValid: boolean; errors: unknown[] };
}
