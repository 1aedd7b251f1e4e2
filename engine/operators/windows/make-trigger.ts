import { continuousEventTimeTrigger, continuousProcessingTimeTrigger } from './continuous-triggers.ts';
import { ownTrigger } from './own-trigger.ts';
import { countTrigger, type Delta, deltaTrigger } from './record-triggers.ts';
import type { TriggerScope, WindowTrigger } from './trigger.ts';
import type { TriggerDefinition } from './window-definition.ts';
import {
  endOfStreamTrigger,
  eventTimeTrigger,
  neverTrigger,
  processingTimeTrigger,
} from './window-triggers.ts';
import { processingTimeoutTrigger, purgingTrigger } from './wrapping-triggers.ts';

/** The trigger of a definition; `takeSlot` reserves places in the slots of every window. */
export function makeTrigger(
  definition: TriggerDefinition,
  scope: TriggerScope,
  takeSlot: () => number,
): WindowTrigger {
  switch (definition.kind) {
    case 'event-time':
      return eventTimeTrigger(scope);
    case 'processing-time':
      return processingTimeTrigger(scope);
    case 'end-of-stream':
      return endOfStreamTrigger(scope);
    case 'never':
      return neverTrigger();
    case 'count':
      return countTrigger(definition.count, takeSlot());
    case 'continuous-event-time':
      return continuousEventTimeTrigger(scope, { ...definition, slot: takeSlot() });
    case 'continuous-processing-time':
      return continuousProcessingTimeTrigger(scope, { ...definition, slot: takeSlot() });
    case 'delta':
      return deltaTrigger(definition.threshold, definition.delta as Delta, takeSlot()); // takes the window's records
    case 'purging':
      return purgingTrigger(makeTrigger(definition.of, scope, takeSlot));
    case 'processing-timeout': {
      const slot = takeSlot();
      const inner = makeTrigger(definition.of, scope, takeSlot);
      return processingTimeoutTrigger(scope, inner, { ...definition, slot });
    }
    case 'own':
      return ownTrigger(definition, scope, takeSlot);
  }
}

/** What the slots of a trigger look like; a trigger of another form cannot read them. */
export function triggerForm(definition: TriggerDefinition): string {
  switch (definition.kind) {
    case 'purging':
    case 'processing-timeout':
      return `${definition.kind} ${triggerForm(definition.of)}`;
    case 'own':
      return `own (${definition.state.map(({ name, kind }) => `${name} ${kind}`).join(', ')})`;
    default:
      return definition.kind;
  }
}

/** True for triggers that keep up with windows that merge. */
export function triggerMerges(definition: TriggerDefinition): boolean {
  switch (definition.kind) {
    case 'delta':
    case 'processing-timeout':
      return false;
    case 'purging':
      return triggerMerges(definition.of);
    case 'own':
      return definition.onMerge !== undefined;
    default:
      return true;
  }
}

/** True for triggers that the records before the end of a window tell nothing, but for the first. */
export function waitsForEnd(definition: TriggerDefinition): boolean {
  switch (definition.kind) {
    case 'event-time':
    case 'end-of-stream':
    case 'never':
      return true;
    case 'purging':
      return waitsForEnd(definition.of);
    default:
      return false;
  }
}
