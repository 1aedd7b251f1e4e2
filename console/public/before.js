/**
 * Runs before every module of the console.
 *
 * The page's security policy forbids code made from text. zod would try it once to see, and the browser would report
 * that as a violation; told not to, it checks by plain loops. Its own `config` comes too late: the contract's schemas
 * are evaluated before any statement of the module that imports them.
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
