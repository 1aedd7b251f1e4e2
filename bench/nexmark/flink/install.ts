/** Gets Apache Flink and compiles what is ours: Java 17 (a JDK), Python 3 with pip, and the network once. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

const VERSION = '2.3.0';
/** The `lib` folder of the distribution, without scripts and configuration. */
const PACKAGE = `apache-flink-libraries==${VERSION}`;
const SERVICES = 'META-INF/services/org.apache.flink.table.factories.Factory';

/** Where an installed Flink is. */
export interface FlinkInstallation {
  readonly version: string;
  /** All jars, ours among them. */
  readonly classPath: string;
  /** Configuration, logs and temporary files of a run. */
  readonly runFolder: string;
}

/** Installs into `cache` what is missing there. */
export function installFlink(cache: string): FlinkInstallation {
  const home = path.join(cache, `flink-${VERSION}`);
  if (!existsSync(home)) download(cache, home);
  const jar = path.join(cache, 'flink-bench.jar');
  const sources = globSync('java/*.java', { cwd: import.meta.dirname }).map((file) =>
    path.join(import.meta.dirname, file),
  );
  if (!existsSync(jar) || sources.some((file) => statSync(file).mtimeMs > statSync(jar).mtimeMs)) {
    compile(sources, home, jar);
  }
  return {
    version: VERSION,
    classPath: `${home}/*:${jar}`,
    runFolder: path.join(cache, 'flink-run'),
  };
}

function download(cache: string, home: string): void {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'download-'));
  try {
    console.log(`Downloading ${PACKAGE} ...`);
    execFileSync('python3', ['-m', 'pip', 'download', '-q', '--no-deps', '-d', folder, PACKAGE]);
    const [archive = ''] = globSync('*.{whl,gz}', { cwd: folder });
    const unpack = archive.endsWith('.whl')
      ? ['python3', '-m', 'zipfile', '-e', archive, '.']
      : ['tar', 'xzf', archive];
    execFileSync(unpack[0] ?? '', unpack.slice(1), { cwd: folder });
    const [jar] = globSync(`**/flink-dist-${VERSION}.jar`, { cwd: folder });
    if (jar === undefined)
      throw new Error(`Cannot install Flink: ${PACKAGE} has no flink-dist-${VERSION}.jar`);
    renameSync(path.join(folder, path.dirname(jar)), home);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compile(sources: readonly string[], home: string, jar: string): void {
  const classes = `${jar}.classes`;
  rmSync(classes, { recursive: true, force: true });
  mkdirSync(path.join(classes, path.dirname(SERVICES)), { recursive: true });
  execFileSync('javac', [
    '-nowarn',
    '-Xlint:none',
    '-proc:none',
    '--release',
    '17',
    '-d',
    classes,
    '-cp',
    `${home}/*`,
    ...sources,
  ]);
  writeFileSync(path.join(classes, SERVICES), 'bench.EventTable\n');
  execFileSync('jar', ['cf', jar, '-C', classes, '.']);
  rmSync(classes, { recursive: true });
}
