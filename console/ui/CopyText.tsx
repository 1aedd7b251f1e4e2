import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';

interface CopyTextProps {
  readonly text: string;
  /** What the text is, for screen readers: "savepoint id". */
  readonly what: string;
  /** Shown instead of the whole text. */
  readonly short?: string;
}

/** An id or address in fixed-width letters with a button that copies all of it. */
export function CopyText({ text, what, short }: CopyTextProps) {
  return (
    <span className="mono nowrap" title={text}>
      <CopyToClipboard
        variant="inline"
        textToCopy={text}
        textToDisplay={short ?? text}
        copyButtonAriaLabel={`Copy ${what}`}
        copySuccessText="Copied"
        copyErrorText="The browser refused to copy"
      />
    </span>
  );
}
