import { sensors } from './sensors.ts';

// Programs export their application as default.
// oxlint-disable-next-line import/no-default-export
export default sensors('reading of a sensor somewhere in the field, as version one has it');
