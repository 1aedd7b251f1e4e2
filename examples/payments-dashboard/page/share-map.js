/** One tile per country, deeper the larger its share. */
import { europe, nameOf } from './europe.js';

export function createMap(container) {
  const tiles = new Map();
  for (const [code, [name, column, row]] of Object.entries(europe)) {
    const tile = document.createElement('div');
    tile.className = 'tile';
    tile.style.gridArea = `${row + 1} / ${column + 1}`;
    tile.title = name;
    const label = document.createElement('b');
    label.textContent = code;
    const share = document.createElement('span');
    tile.append(label, share);
    container.append(tile);
    tiles.set(code, { tile, share });
  }
  return (shares) => {
    const largest = Math.max(...shares.values(), 0.0001);
    for (const [code, { tile, share }] of tiles) {
      const value = shares.get(code) ?? 0;
      // By the square root, since the eye should still find the small ones.
      const strength = Math.sqrt(value / largest) * 92;
      tile.style.setProperty('--strength', strength.toFixed(1));
      tile.classList.toggle('strong', strength > 64);
      share.textContent = percent(value);
      tile.title = `${nameOf(code)}: ${percent(value)} of payments`;
    }
  };
}

export const percent = (share) => `${(share * 100).toFixed(1)}%`;
