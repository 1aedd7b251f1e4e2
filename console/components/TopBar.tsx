import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { Link } from 'react-router';
import mark from '../theme/mark.svg';
import { chooseColorMode, useColorMode, type ColorMode } from '../ui/color-mode.ts';
import { paths } from './paths.ts';

const modes: readonly { readonly id: ColorMode; readonly text: string }[] = [
  { id: 'system', text: 'As the system' },
  { id: 'light', text: 'Light' },
  { id: 'dark', text: 'Dark' },
];

/** The bar above every page: whose console this is, and its colors. */
export function TopBar() {
  const { chosen } = useColorMode();
  return (
    <header className="top-bar">
      <Link to={paths.deployments} className="top-bar-name">
        <img src={mark} alt="" width="26" height="26" />
        Headwater
      </Link>
      <div className="awsui-context-top-navigation">
        <ButtonDropdown
          variant="icon"
          ariaLabel="Colors"
          expandToViewport
          items={modes.map(({ id, text }) => ({ id, text, itemType: 'checkbox', checked: id === chosen }))}
          onItemClick={({ detail }) => {
            const mode = modes.find(({ id }) => id === detail.id);
            if (mode !== undefined) chooseColorMode(mode.id);
          }}
        />
      </div>
    </header>
  );
}
