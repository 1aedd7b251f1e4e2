/** Light or dark: the system's choice until the reader makes one. */
import { applyMode, Mode } from '@cloudscape-design/global-styles';
import { useSyncExternalStore } from 'react';

export type ColorMode = 'system' | 'light' | 'dark';

const KEY = 'headwater.color-mode';
const system = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
let chosen: ColorMode = stored();

/** Call once before the first drawing, so that no page flashes in the wrong color. */
export function startColorMode(): void {
  system.addEventListener('change', apply);
  apply();
}

export function useColorMode(): { readonly chosen: ColorMode; readonly dark: boolean } {
  const mode = useSyncExternalStore(subscribe, () => `${chosen}:${isDark()}`);
  return { chosen, dark: mode.endsWith(':true') };
}

export function chooseColorMode(mode: ColorMode): void {
  chosen = mode;
  localStorage.setItem(KEY, mode);
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
