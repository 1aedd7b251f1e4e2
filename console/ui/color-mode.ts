/** Light or dark: the system's choice until the reader makes another one. */
import { applyMode, Mode } from '@cloudscape-design/global-styles';
import { useSyncExternalStore } from 'react';

type ColorMode = 'system' | 'light' | 'dark';

const KEY = 'headwater.color-mode';
const system = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
let chosen: ColorMode = stored();

/** Call once before the first drawing, so that no page flashes in the wrong color. */
export function startColorMode(): void {
  system.addEventListener('change', apply);
  apply();
}

export function useDark(): boolean {
  return useSyncExternalStore(subscribe, isDark);
}

/** Changes to the other colors; back to those of the system means to follow it again. */
export function toggleColorMode(): void {
  const dark = !isDark();
  if (dark === system.matches) chosen = 'system';
  else chosen = dark ? 'dark' : 'light';
  localStorage.setItem(KEY, chosen);
  apply();
}

function apply(): void {
  applyMode(isDark() ? Mode.Dark : Mode.Light);
  document.documentElement.style.colorScheme = isDark() ? 'dark' : 'light';
  for (const listener of listeners) listener();
}

function isDark(): boolean {
  return chosen === 'dark' || (chosen === 'system' && system.matches);
}

function stored(): ColorMode {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
