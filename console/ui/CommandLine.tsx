import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';

interface CommandLineProps {
  readonly command: string;
  readonly label?: string;
}

/** A line for a terminal, and a button that copies it. */
export function CommandLine({ command, label = 'Copy as CLI' }: CommandLineProps) {
  return (
    <div className="command">
      <code>{command}</code>
      <CopyToClipboard
        variant="icon"
        textToCopy={command}
        copyButtonAriaLabel={label}
        copySuccessText="Copied"
        copyErrorText="The browser refused to copy"
        popoverRenderWithPortal
      />
    </div>
  );
}
