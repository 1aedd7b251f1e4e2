import TopNavigation from '@cloudscape-design/components/top-navigation';
import { chooseColorMode, useColorMode, type ColorMode } from '../ui/color-mode.ts';
import { useFollow } from '../ui/use-follow.ts';
import mark from '../theme/mark.svg';
import { paths } from './paths.ts';

const modes: readonly { readonly id: ColorMode; readonly text: string }[] = [
  { id: 'system', text: 'As the system' },
  { id: 'light', text: 'Light' },
  { id: 'dark', text: 'Dark' },
];

export function TopBar() {
  const follow = useFollow();
  const { chosen, dark } = useColorMode();
  return (
    <TopNavigation
      identity={{
        href: paths.deployments,
        title: 'Headwater',
        logo: { src: mark, alt: '' },
        onFollow: (event) => {
          event.preventDefault();
          follow({ detail: { href: paths.deployments }, preventDefault: () => {} });
        },
      }}
      utilities={[
        {
          type: 'menu-dropdown',
          iconSvg: dark ? moon : sun,
          ariaLabel: 'Colors',
          title: 'Colors',
          items: modes.map(({ id, text }) => ({
            id,
            text,
            itemType: 'checkbox' as const,
            checked: id === chosen,
          })),
          onItemClick: ({ detail }) => {
            const mode = modes.find(({ id }) => id === detail.id);
            if (mode !== undefined) chooseColorMode(mode.id);
          },
        },
      ]}
    />
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
