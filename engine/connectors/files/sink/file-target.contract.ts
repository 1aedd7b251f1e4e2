/** What every place of files must do: run on a folder, on memory, and on S3. */
import { expect, test } from 'vitest';
import type { FileTarget, PinnedFile } from './file-target.ts';

/** A place under test. */
export interface TargetUnderTest {
  /** As another process has it. */
  open(): FileTarget;
  /** What readers see, by name. */
  visible(): Promise<ReadonlyMap<string, Buffer>>;
  /** Puts a file there as somebody else would. */
  put(name: string, content: Buffer): Promise<void>;
}

const NAME = 'country=DE/part-0-00000-abcdef-1-00000000.jsonl';
// So much that S3 has a part of it, and some behind it.
const FIRST = Buffer.alloc(6 * 1024 * 1024, 'first ');
const SECOND = Buffer.alloc(50_000, 'second ');

/** Registers the tests of a place; `make` gives a new and empty one. */
export function fileTargetContract(make: () => Promise<TargetUnderTest>): void {
  test('shows a file when it is published and not before', async () => {
    const place = await make();
    const pinned = await finished(place.open(), FIRST, SECOND);
    expect(await place.visible()).toEqual(new Map());
    await place.open().publish(stored(pinned));
    expect([...(await place.visible()).keys()]).toEqual([NAME]);
    expect((await place.visible()).get(NAME)?.equals(Buffer.concat([FIRST, SECOND]))).toBe(true);
  });

  test('shows a small file as well', async () => {
    const place = await make();
    const pinned = await finished(place.open(), SECOND);
    await place.open().publish(stored(pinned));
    expect((await place.visible()).get(NAME)?.equals(SECOND)).toBe(true);
  });

  test.each([
    ['large', FIRST],
    ['small', Buffer.from('a line\n')],
  ])('shows of a %s file that goes on what was pinned', async (_, first) => {
    const place = await make();
    const file = place.open().open(NAME);
    await file.append(first);
    const pinned = await file.pin();
    await file.append(SECOND);
    await file.pin();
    await place.open().publish(stored(pinned));
    await file.append(SECOND).catch(() => undefined);
    await file.close();
    expect((await place.visible()).get(NAME)?.equals(first)).toBe(true);
  });

  test('publishes the same file by several at once, and again', async () => {
    const place = await make();
    const pinned = await finished(place.open(), FIRST);
    await Promise.all([place.open(), place.open()].map((target) => target.publish(stored(pinned))));
    await place.open().publish(stored(pinned));
    expect((await place.visible()).get(NAME)?.equals(FIRST)).toBe(true);
  });
  othersContract(make);
}

/** What others may have done meanwhile. */
function othersContract(make: () => Promise<TargetUnderTest>): void {
  test('leaves a longer file of the name as it is, and refuses a shorter one', async () => {
    const place = await make();
    const pinned = await finished(place.open(), SECOND);
    const longer = Buffer.concat([SECOND, SECOND]);
    await place.put(NAME, longer);
    await place.open().publish(stored(pinned));
    expect((await place.visible()).get(NAME)?.equals(longer)).toBe(true);

    const other = await make();
    const again = await finished(other.open(), SECOND);
    await other.put(NAME, SECOND.subarray(1));
    await expect(other.open().publish(stored(again))).rejects.toThrow('and should have 50000');
  });

  test('lists what was begun, but not what is published or kept', async () => {
    const place = await make();
    const begun = place.open().open(NAME);
    await begun.append(FIRST);
    const kept = place.open().open('part-1-00000-abcdef-1-00000000.jsonl');
    await kept.append(FIRST);
    const pinned = await kept.finish();
    await place.open().keep(stored(pinned));

    const [leftover, ...others] = await place.open().leftovers();
    expect(others).toEqual([]);
    expect(NAME.endsWith(leftover?.name ?? '?')).toBe(true);
    await leftover?.discard();
    await leftover?.discard();
    await begun.close();
    expect(await place.open().leftovers()).toEqual([]);
    await place.open().publish(stored(pinned));
    expect([...(await place.visible()).keys()]).toEqual([pinned.name]);
    expect(await place.open().leftovers()).toEqual([]);
  });

  test('says what to do when a file is gone that was to be published', async () => {
    const place = await make();
    const pinned = await finished(place.open(), FIRST);
    for (const leftover of await place.open().leftovers()) await leftover.discard();
    await expect(place.open().publish(stored(pinned))).rejects.toThrow(/gone|any more/);
  });
}

async function finished(target: FileTarget, ...parts: readonly Buffer[]): Promise<PinnedFile> {
  const file = target.open(NAME);
  for (const part of parts) await file.append(part);
  return file.finish();
}

/** As a snapshot gives it back: a copy. */
function stored(pinned: PinnedFile): PinnedFile {
  return structuredClone(pinned);
}
