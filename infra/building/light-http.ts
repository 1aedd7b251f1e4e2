import type { Plugin } from 'esbuild';

/**
 * Takes `node:http` as the CommonJS module that it is, and only when its importer runs.
 *
 * An import of it as an ES module reads every export once, and one of them loads all of undici. Without it a worker's
 * thread starts in 0.17 instead of 0.21 s of CPU (measured with Node 24.21).
 */
export const lightHttp: Plugin = {
  name: 'light-http',
  setup(pluginBuild) {
    pluginBuild.onResolve({ filter: /^(node:)?(https?|http2)$/ }, ({ path }) => ({
      path: path.replace(/^node:/, ''),
      namespace: 'light-http',
    }));
    pluginBuild.onLoad({ filter: /./, namespace: 'light-http' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('node:${path}');`,
    }));
  },
};
