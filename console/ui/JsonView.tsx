import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';

interface JsonViewProps {
  readonly value: unknown;
  readonly label: string;
}

/** A document as it is, to read and to copy. */
export function JsonView({ value, label }: JsonViewProps) {
  const text = JSON.stringify(value, null, 2);
  return (
    <div className="json">
      <div className="json-copy">
        <CopyToClipboard
          variant="icon"
          textToCopy={text}
          copyButtonAriaLabel={`Copy: ${label}`}
          copySuccessText="Copied"
          copyErrorText="The browser refused to copy"
        />
      </div>
      <pre aria-label={label} tabIndex={0}>
        {text}
      </pre>
    </div>
  );
}
