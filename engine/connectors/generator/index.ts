/** Sources that make their records themselves: your own, and some to try things with. */
export { generator, type GeneratorOptions } from './generator.ts';
export { Click, clicks, type PresetOptions, SensorReading, sensors, Trade, trades } from './presets.ts';
