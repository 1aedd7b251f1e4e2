/** A function as the template declares it, with its code on this machine. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** `file.export`, such as `index.handler`. */
  readonly handler: string;
  /** Directory that holds the handler's file. */
  readonly codeDirectory: string;
  /** The whole environment of the function, that of the local cloud's clients included. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly runtime: string;
  readonly logGroup: string;
}
