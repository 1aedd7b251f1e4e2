import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { SinkMode, SinkPolicy } from '#contract/resources/sink-policy.ts';
import { useState } from 'react';
import { namespace } from '../../api/namespace.ts';
import { useRead } from '../../api/use-read.ts';
import { SelectField } from './SelectField.tsx';

type Every = SinkPolicy['every'];

interface SinksFieldProps {
  readonly application: string;
  readonly version: number;
  readonly sinks: SinkPolicy;
  readonly onChange: (sinks: SinkPolicy) => void;
}

const every: Readonly<Record<Every, string>> = {
  capture: 'captured: kept aside, to be read in peace',
  discard: 'discarded',
  keep: 'written where its parent writes',
};

/** What becomes of the records that reach each sink. */
export function SinksField({ application, version, sinks, onChange }: SinksFieldProps) {
  const { data } = useRead(
    'getApplicationVersion',
    { params: { namespace, application, version: String(version) } },
    { everyMs: 0 },
  );
  const names = (data?.graph.nodes ?? []).filter(({ kind }) => kind === 'sink').map(({ name }) => name);
  const { sinks: single } = sinks;
  const change = (name: string, mode: SinkMode | undefined): void => {
    const { [name]: _, ...others } = single;
    onChange({ ...sinks, sinks: mode === undefined ? others : { ...others, [name]: mode } });
  };
  return (
    <SpaceBetween size="s">
      <SelectField
        label="Its records are"
        description="What the fork writes; a fork never writes into what its parent writes unless you say so."
        options={Object.entries(every).map(([value, label]) => ({ value, label }))}
        value={sinks.every}
        // The values are the keys of the table above.
        onChange={(value) => onChange({ ...sinks, every: value as Every })}
      />
      {names.length < 2 && Object.keys(single).length === 0
        ? null
        : names.map((name) => (
            <OneSink key={name} name={name} mode={single[name]} onChange={(mode) => change(name, mode)} />
          ))}
    </SpaceBetween>
  );
}

interface OneSinkProps {
  readonly name: string;
  readonly mode: SinkMode | undefined;
  readonly onChange: (mode: SinkMode | undefined) => void;
}

const modes = [
  { value: '', label: 'as all others' },
  { value: 'capture', label: 'captured' },
  { value: 'discard', label: 'discarded' },
  { value: 'keep', label: 'written where its parent writes' },
  { value: 'redirect', label: 'written elsewhere' },
];

function OneSink({ name, mode, onChange }: OneSinkProps) {
  return (
    <FormField label={`Sink ${name}`} stretch>
      <div className="sink">
        <Select
          options={modes}
          expandToViewport
          selectedOption={modes.find(({ value }) => value === (mode?.mode ?? '')) ?? null}
          onChange={({ detail }) => onChange(modeOf(detail.selectedOption.value ?? ''))}
        />
        {mode?.mode === 'redirect' ? (
          <RedirectInput name={name} onChange={(options) => onChange({ mode: 'redirect', options })} />
        ) : null}
      </div>
    </FormField>
  );
}

function modeOf(value: string): SinkMode | undefined {
  switch (value) {
    case 'keep':
    case 'discard':
    case 'capture':
      return { mode: value };
    case 'redirect':
      return { mode: 'redirect', options: {} };
    default:
      return undefined;
  }
}

interface RedirectInputProps {
  readonly name: string;
  readonly onChange: (options: Record<string, string>) => void;
}

/** Options of the connector that take the place of the program's: `stream=a, table=b`. */
function RedirectInput({ name, onChange }: RedirectInputProps) {
  const [text, setText] = useState('');
  return (
    <Input
      ariaLabel={`Options of sink ${name}`}
      placeholder="table=payments-trial"
      value={text}
      onChange={({ detail }) => {
        setText(detail.value);
        onChange(optionsOf(detail.value));
      }}
    />
  );
}

function optionsOf(text: string): Record<string, string> {
  const pairs = text.split(',').flatMap((pair) => {
    const [key = '', ...value] = pair.split('=');
    return key.trim() === '' ? [] : [[key.trim(), value.join('=').trim()] as const];
  });
  return Object.fromEntries(pairs);
}
