import Button from '@cloudscape-design/components/button';
import { Link } from 'react-router';
import mark from '../theme/mark.svg';
import { toggleColorMode, useDark } from '../ui/color-mode.ts';
import { NamespaceMenu } from './NamespaceMenu.tsx';
import { paths } from './paths.ts';

/** The bar above every page: whose console this is, which namespace it shows, and its colors. */
export function TopBar() {
  const dark = useDark();
  return (
    <header className="top-bar">
      <Link to={paths.deployments} className="top-bar-name">
        <img src={mark} alt="" width="26" height="26" />
        Headwater
      </Link>
      <span className="top-bar-namespace awsui-context-top-navigation">
        <span>namespace</span> <NamespaceMenu />
      </span>
      <span className="top-bar-tools awsui-context-top-navigation">
        <Button
          variant="icon"
          iconSvg={dark ? moon : sun}
          ariaLabel={dark ? 'Use light colors' : 'Use dark colors'}
          onClick={toggleColorMode}
        />
      </span>
    </header>
  );
}

const sun = (
  <svg viewBox="0 0 16 16" focusable="false" aria-hidden="true">
    <circle cx="8" cy="8" r="3" />
    <path d="M8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1" />
  </svg>
);

const moon = (
  <svg viewBox="0 0 16 16" focusable="false" aria-hidden="true">
    <path d="M13.500 9.500A6 6 0 0 1 6.500 2.500a6 6 0 1 0 7 7z" />
  </svg>
);
