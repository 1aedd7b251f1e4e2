/**
 * Who may import whom, as data: the architecture's one table. `test/tidy.test.ts` resolves every import against it.
 *
 * A folder's row is the longest prefix of a file's path. Within its row's folder a file may import freely, unless a
 * longer row narrows it. `packages` are npm packages by name or by scope (`@aws-sdk/*`).
 */
export interface ImportRule {
  readonly folder: string;
  readonly mayImport: readonly string[];
  readonly packages: readonly string[];
}

const engineBelow = ['engine/host.ts', 'engine/data'];

export const importTable: readonly ImportRule[] = [
  { folder: 'contract', mayImport: [], packages: ['zod'] },
  { folder: 'engine/host.ts', mayImport: ['engine/data'], packages: [] },
  { folder: 'engine/data', mayImport: [], packages: [] },
  { folder: 'engine/state', mayImport: engineBelow, packages: [] },
  {
    folder: 'engine/operators',
    mayImport: [...engineBelow, 'engine/state', 'engine/graph', 'engine/connectors/connector.ts'],
    packages: [],
  },
  {
    folder: 'engine/graph',
    mayImport: [...engineBelow, 'engine/state', 'engine/operators', 'engine/connectors/connector.ts'],
    packages: [],
  },
  {
    folder: 'engine/runtime',
    mayImport: [
      ...engineBelow,
      'engine/state',
      'engine/operators',
      'engine/graph',
      'engine/connectors/connector.ts',
    ],
    packages: [],
  },
  // Captured records are files like those of any sink.
  { folder: 'engine/runtime/captured-sink.ts', mayImport: ['engine'], packages: [] },
  {
    folder: 'engine/stream',
    mayImport: [
      ...engineBelow,
      'engine/state',
      'engine/operators',
      'engine/graph',
      'engine/connectors/connector.ts',
    ],
    packages: [],
  },
  { folder: 'engine/testing', mayImport: ['engine'], packages: [] },
  {
    folder: 'engine/connectors',
    mayImport: [...engineBelow, 'engine/state'],
    packages: ['@aws-sdk/*', '@smithy/node-http-handler', 'hyparquet-writer'],
  },
  { folder: 'engine/rest', mayImport: ['engine', 'contract'], packages: ['@aws-sdk/*'] },
  {
    folder: 'engine/worker',
    mayImport: ['engine', 'contract'],
    packages: ['@aws-sdk/*', '@smithy/node-http-handler'],
  },
  { folder: 'engine', mayImport: ['engine'], packages: [] },
  { folder: 'functions/control', mayImport: ['contract'], packages: [] },
  // Whether state fits a program is for the engine to say, and is asked of it before a job is touched.
  {
    folder: 'functions/control/verdict.ts',
    mayImport: ['functions/control', 'contract', 'engine/index.ts'],
    packages: [],
  },
  {
    folder: 'functions/stores',
    mayImport: ['contract', 'engine/index.ts'],
    packages: ['@aws-sdk/*', 'zod'],
  },
  {
    folder: 'functions',
    mayImport: ['functions', 'contract', 'engine/index.ts'],
    packages: ['@middy/*', '@aws-lambda-powertools/*', '@aws-sdk/*', 'yaml', 'zod'],
  },
  // A failed operation is told to Flink's command line as the engine itself would tell it.
  {
    folder: 'functions/api/flink-trigger.ts',
    mayImport: ['functions', 'contract', 'engine/rest/failure-cause.ts'],
    packages: [],
  },
  { folder: 'infra', mayImport: ['contract'], packages: ['aws-cdk-lib', 'constructs', 'cdk-nag', 'esbuild'] },
  { folder: 'local', mayImport: [], packages: ['dynalite', 'jsonata', 'jsonpath-plus', 'croner'] },
  { folder: 'cli/commands/dev.ts', mayImport: ['cli', 'contract', 'local/local-cloud.ts'], packages: [] },
  { folder: 'cli/main.ts', mayImport: ['cli', 'contract', 'package.json'], packages: [] },
  // Savepoint files are written and read by the engine's own code.
  { folder: 'cli/savepoint', mayImport: ['cli', 'contract', 'engine/index.ts'], packages: [] },
  {
    folder: 'cli/commands/savepoint',
    mayImport: ['cli', 'contract', 'engine/index.ts'],
    packages: [],
  },
  { folder: 'cli', mayImport: ['contract'], packages: ['yaml', 'esbuild', 'zod'] },
  {
    folder: 'console',
    mayImport: ['contract'],
    packages: [
      'react',
      'react-dom',
      'react-router',
      '@cloudscape-design/*',
      '@tanstack/react-query',
      '@xyflow/react',
      '@dagrejs/dagre',
      'uplot',
      'yaml',
      'vite',
      '@vitejs/plugin-react',
      'virtual:headwater-theme.css',
      'zod',
    ],
  },
  // Built once for all readers: see its first comment.
  {
    folder: 'console/theme/theme-plugin.ts',
    mayImport: ['console/theme'],
    packages: ['@cloudscape-design/*', 'esbuild', 'vite'],
  },
  {
    folder: 'examples',
    mayImport: ['headwater'],
    packages: ['@aws-sdk/*', '@smithy/node-http-handler', 'aws-lambda'],
  },
  {
    folder: 'bench',
    mayImport: ['engine', 'local', 'examples'],
    packages: ['@aws-sdk/*', '@smithy/node-http-handler'],
  },
  {
    folder: 'test',
    mayImport: ['contract', 'engine', 'functions', 'infra', 'local', 'cli', 'console', 'examples'],
    packages: ['*'],
  },
];
