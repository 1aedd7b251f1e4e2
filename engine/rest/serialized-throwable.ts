/**
 * A failure in the form that Flink's command line reads: it deserializes a Java object without asking whether there is one.
 *
 * Written is one `org.apache.flink.util.SerializedThrowable` without a cause and without the bytes of the original,
 * so that the client prints our message as it would print that of a JobManager.
 * Source: Java Object Serialization Specification, chapter 6; the shape was checked against a recorded answer of Flink 2.3.
 */

const CLASS_DESCRIPTORS = javaBytes(
  ['aced0005', 'stream magic and version'],
  ['7372', 'object, class description'],
  'org.apache.flink.util.SerializedThrowable',
  ['65169df51fa713f3', 'serialVersionUID'],
  ['020003', 'serializable, three fields'],
  ['4c', 'object'],
  'fullStringifiedStackTrace',
  ['74', 'string'],
  'Ljava/lang/String;',
  ['4c', 'object'],
  'originalErrorClassName',
  ['71007e0001', 'the same string'],
  ['5b', 'array'],
  'serializedException',
  ['74', 'string'],
  '[B',
  ['7872', 'end of annotations, class description of the parent'],
  'java.lang.Exception',
  ['d0fd1f3e1a3b1cc4', 'serialVersionUID'],
  ['0200007872', 'no fields, class description of the parent'],
  'java.lang.Throwable',
  ['d5c635273977b8cb', 'serialVersionUID'],
  ['030004', 'serializable with own write method, four fields'],
  ['4c', 'object'],
  'cause',
  ['74', 'string'],
  'Ljava/lang/Throwable;',
  ['4c', 'object'],
  'detailMessage',
  ['71007e0001', 'the same string'],
  ['5b', 'array'],
  'stackTrace',
  ['74', 'string'],
  '[Ljava/lang/StackTraceElement;',
  ['4c', 'object'],
  'suppressedExceptions',
  ['74', 'string'],
  'Ljava/util/List;',
  ['7870', 'end of annotations, no parent'],
);

const NULL = Buffer.of(0x70);
const END_OF_BLOCK = Buffer.of(0x78);

export interface Throwable {
  /** Full name of a class; it need not exist on the other side. */
  readonly className: string;
  readonly message: string;
  readonly stackTrace: string;
}

/** Base64 of the serialized throwable. */
export function serializedThrowable(throwable: Throwable): string {
  const fieldsOfThrowable = [NULL, stringObject(throwable.message), NULL, NULL, END_OF_BLOCK];
  const fieldsOfSerialized = [stringObject(throwable.stackTrace), stringObject(throwable.className), NULL];
  return Buffer.concat([CLASS_DESCRIPTORS, ...fieldsOfThrowable, ...fieldsOfSerialized]).toString('base64');
}

function javaBytes(...parts: readonly (string | readonly [hex: string, meaning: string])[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? shortText(part) : Buffer.from(part[0], 'hex'))),
  );
}

function shortText(text: string): Buffer {
  const bytes = modifiedUtf8(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function stringObject(text: string): Buffer {
  const bytes = modifiedUtf8(text);
  if (bytes.length <= 0xffff) {
    return Buffer.concat([Buffer.of(0x74), shortText(text)]);
  }
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(bytes.length));
  return Buffer.concat([Buffer.of(0x7c), length, bytes]);
}

/** Java's own UTF-8: every UTF-16 unit by itself, so that surrogates take three bytes each, and NUL takes two. */
function modifiedUtf8(text: string): Buffer {
  const bytes: number[] = [];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0 && unit < 0x80) {
      bytes.push(unit);
    } else if (unit < 0x800) {
      bytes.push(0xc0 | (unit >> 6), 0x80 | (unit & 0x3f));
    } else {
      bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
    }
  }
  return Buffer.from(bytes);
}
