/** What makes the component kit look like Headwater; everything that is not said here stays as the kit has it. */
import type { Theme } from '@cloudscape-design/components/theming';

export const SANS = `'Inter', ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif`;
export const MONO = `ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace`;

export const theme: Theme = {
  // The kit derives its whole palette of links, buttons, selections and focus rings from this one color.
  referenceTokens: { color: { primary: { seed: '#0b6480' } } },
  tokens: {
    fontFamilyBase: SANS,
    fontFamilyHeading: SANS,
    fontFamilyDisplay: SANS,
    fontFamilyMonospace: MONO,
    fontWeightButton: '600',
    borderRadiusButton: '6px',
    borderRadiusInput: '6px',
    borderRadiusContainer: '10px',
    borderRadiusAlert: '8px',
    borderRadiusFlashbar: '8px',
    borderRadiusDropdown: '8px',
    borderWidthButton: '1px',
    colorBackgroundLayoutMain: { light: '#fafbfc', dark: '#0e151b' },
    colorBackgroundContainerContent: { light: '#ffffff', dark: '#141d25' },
    colorBackgroundContainerHeader: { light: '#ffffff', dark: '#141d25' },
  },
  contexts: {
    'top-navigation': {
      tokens: { colorBackgroundContainerContent: { light: '#0c2430', dark: '#0a1a23' } },
    },
  },
};
