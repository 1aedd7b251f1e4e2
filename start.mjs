#!/usr/bin/env node
// The door to the project on any machine with npm and Node 20 or newer. It needs no package: it installs what is
// missing or outdated, then goes on under the project's own Node 24.
//
//   node start.mjs dev --port 8080        runs the headwater command line
//   node start.mjs --run vitest run       runs a tool of node_modules/.bin
//   node start.mjs --run bench/main.ts    runs a file of the project
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR = 24;
// A small young generation keeps the platform's memory small and costs it nothing that can be measured.
const FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];
const root = dirname(fileURLToPath(import.meta.url));
const argv = process.argv.slice(2);

if (!isInstalled()) install();
const node = findNode();
const [file, ...rest] =
  argv[0] === '--run' ? toolCommand(argv[1]).concat(argv.slice(2)) : [join(root, 'cli/main.ts'), ...argv];

if (node === process.execPath && argv[0] !== '--run') {
  process.argv = [node, file, ...rest];
  await import('./cli/main.ts');
} else {
  run(node, [file, ...rest]);
}

/** Whether node_modules holds exactly what the lockfile says, apart from packages for other platforms. */
function isInstalled() {
  const installedFile = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const packages = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  const wanted = packages(join(root, 'package-lock.json'));
  const installed = packages(installedFile);
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    return installed[path]?.version === entry.version || (entry.optional && installed[path] === undefined);
  });
}

function install() {
  console.error('Installing packages (npm ci) ...');
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const result = spawnSync(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    // What the installation prints must not mix with the output of the command that follows.
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    console.error('Cannot install the packages: "npm ci" failed, see its message above');
    process.exit(result.status ?? 1);
  }
}

function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  const own = join(root, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (existsSync(own)) return own;
  console.error(
    `Headwater needs Node ${NODE_MAJOR} and npm offers none for ${process.platform}-${process.arch}: ` +
      `install Node ${NODE_MAJOR} (this is ${process.version}) and try again`,
  );
  process.exit(1);
}

function toolCommand(name) {
  if (name.endsWith('.ts')) return [join(root, name)];
  const { bin } = JSON.parse(readFileSync(join(root, `node_modules/${name}/package.json`), 'utf8'));
  return [join(root, 'node_modules', name, typeof bin === 'string' ? bin : bin[name])];
}

function run(node, args) {
  // The channel tells the child when this process is gone, however it went.
  const child = spawn(node, [...FLAGS, ...args], {
    cwd: process.cwd(),
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` },
  });
  // Ctrl-C reaches the whole group by itself; this process only waits for the child to end well.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
