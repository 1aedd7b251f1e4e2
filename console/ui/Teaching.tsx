import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { CommandLine } from './CommandLine.tsx';

interface TeachingProps {
  readonly title: string;
  readonly sentence: string;
  readonly commands: readonly string[];
}

/** An empty page that says how it gets filled. */
export function Teaching({ title, sentence, commands }: TeachingProps) {
  return (
    <Box margin={{ vertical: 'l' }} textAlign="center" color="inherit">
      <SpaceBetween size="s">
        <div>
          <b>{title}</b>
          <Box variant="p" color="inherit">
            {sentence}
          </Box>
        </div>
        <div className="teaching">
          {commands.map((command) => (
            <CommandLine key={command} command={command} label="Copy the command" />
          ))}
        </div>
      </SpaceBetween>
    </Box>
  );
}
