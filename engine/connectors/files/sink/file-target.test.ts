import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe } from 'vitest';
import { TestConnectorHost } from '../../connector-host.fixture.ts';
import { fileTargetContract } from './file-target.contract.ts';
import { LocalTarget } from './local-target.ts';
import { MemoryFiles } from './memory-target.fixture.ts';

const folders: string[] = [];

afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
});

describe('a folder', () => {
  fileTargetContract(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'headwater-target-'));
    folders.push(folder);
    return {
      open: () => new LocalTarget(folder, { location: folder, owner: 'test' }),
      visible: async () => {
        const entries = await readdir(folder, { recursive: true, withFileTypes: true });
        const names = entries
          .filter((entry) => entry.isFile())
          .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
          .filter((name) => !name.startsWith('.'));
        return new Map(
          await Promise.all(
            names.map(async (name) => [name, await readFile(path.join(folder, name))] as const),
          ),
        );
      },
      put: async (name, content) => {
        await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
        await writeFile(path.join(folder, name), content);
      },
    };
  });
});

describe('memory', () => {
  fileTargetContract(() => {
    const files = new MemoryFiles();
    const host = new TestConnectorHost();
    // Nobody moves the clock here.
    host.schedule = (_delayMs, task) => {
      setImmediate(task);
      return () => {};
    };
    return Promise.resolve({
      open: () => files.target(host),
      visible: () => Promise.resolve(files.visible),
      put: (name, content) => {
        files.visible.set(name, content);
        return Promise.resolve();
      },
    });
  });
});
