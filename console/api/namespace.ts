/** The namespace that the console shows; `default` always exists. */
export const namespace = 'default';
