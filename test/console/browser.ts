/** A real Chromium: npm's own where its libraries are there, else the system's. Never a skipped test. */
import { access } from 'node:fs/promises';
import npmChromium from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-quic',
  '--no-first-run',
];

export async function launchBrowser(): Promise<Browser> {
  const causes: unknown[] = [];
  for (const path of [() => npmChromium.executablePath(), systemChromium]) {
    try {
      return await chromium.launch({ executablePath: await path(), args: ARGUMENTS, headless: true });
    } catch (error) {
      causes.push(error);
    }
  }
  throw new AggregateError(
    causes,
    `Cannot start a browser: neither npm's @sparticuz/chromium nor ${SYSTEM_CHROMIUM} starts; install Debian's package "chromium"`,
  );
}

async function systemChromium(): Promise<string> {
  await access(SYSTEM_CHROMIUM);
  return SYSTEM_CHROMIUM;
}
