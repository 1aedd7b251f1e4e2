import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import { Fragment } from 'react';

interface CommandLineProps {
  readonly command: string;
  readonly label?: string;
}

/** A line for a terminal, and a button that copies it. */
export function CommandLine({ command, label = 'Copy as CLI' }: CommandLineProps) {
  return (
    <div className="command">
      <code>{command.split(' ').map(word)}</code>
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

/** A line breaks between words only, never at the hyphens of an option. */
function word(text: string, position: number) {
  return (
    <Fragment key={position}>
      {position === 0 ? '' : ' '}
      <span>{text}</span>
    </Fragment>
  );
}
