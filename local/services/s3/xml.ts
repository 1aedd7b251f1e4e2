/** The little XML that S3 speaks: elements out, a few known tags in. */

/** A tree of elements: text, nested elements, or a repeated element. */
export type XmlValue = string | number | boolean | undefined | XmlElements | readonly XmlValue[];
export interface XmlElements {
  readonly [name: string]: XmlValue;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const unescapes: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** A whole document; members that are undefined are left out, arrays repeat their element. */
export function xmlDocument(elements: XmlElements): Buffer {
  // Without the namespace on its root the SDK cannot read an answer that is a root with text, such as a location.
  const body = render(elements).replace(/^<(?!Error)\w+/, (root) => `${root} xmlns="${namespace}"`);
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
}

/** Text of all elements of that name, in document order, unescaped; nested tags stay in the text. */
export function xmlTexts(document: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g');
  return Array.from(document.matchAll(pattern), (match) => match[1] ?? '');
}

/** Text of the first element of that name. */
export function xmlText(document: string, name: string): string | undefined {
  const [first] = xmlTexts(document, name);
  return first === undefined ? undefined : unescapeXml(first);
}

function render(elements: XmlElements): string {
  return Object.entries(elements)
    .flatMap(([name, value]) => (isList(value) ? value : [value]).map((one) => renderElement(name, one)))
    .join('');
}

function renderElement(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (typeof value === 'object') return isList(value) ? '' : `<${name}>${render(value)}</${name}>`;
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}

function escapeXml(text: string): string {
  // Keys may hold control characters; AWS writes them as references, tab and line feed excepted.
  return text.replaceAll(/[&<>"]|\p{Cc}/gu, (character) => {
    if (character === '\t' || character === '\n') return character;
    return escapes[character] ?? `&#x${character.charCodeAt(0).toString(16)};`;
  });
}

function unescapeXml(text: string): string {
  return text.replaceAll(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (whole: string, hex, decimal, name) => {
    if (typeof hex === 'string') return String.fromCodePoint(Number.parseInt(hex, 16));
    if (typeof decimal === 'string') return String.fromCodePoint(Number(decimal));
    return unescapes[String(name)] ?? whole;
  });
}
