import { fileURLToPath } from 'node:url';

/** Where files lie. */
export type FileLocation =
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string }
  | { readonly kind: 'local'; readonly path: string };

/** Reads `s3://bucket/prefix`, `file:///folder` or a path. */
export function fileLocation(text: string): FileLocation {
  if (text.startsWith('s3://')) {
    const [bucket = '', ...rest] = text.slice('s3://'.length).split('/');
    if (bucket === '') throw refusal(text, 'it names no bucket');
    return { kind: 's3', bucket, prefix: rest.join('/') };
  }
  if (text.startsWith('file:')) return { kind: 'local', path: pathOf(text) };
  if (text === '') throw refusal(text, 'it is empty');
  if (/^[a-z][a-z0-9+.-]*:/.test(text)) throw refusal(text, 'its scheme is not known');
  return { kind: 'local', path: text };
}

function pathOf(text: string): string {
  try {
    return fileURLToPath(text);
  } catch (cause) {
    throw refusal(text, 'it is no address of a file', cause);
  }
}

function refusal(text: string, reason: string, cause?: unknown): Error {
  return new Error(
    `Cannot read files at "${text}": ${reason}; give "s3://bucket/prefix", "file:///folder" or the path of a folder`,
    { cause },
  );
}
