/** Version of the platform, as health and the OpenAPI document name it. */
export const VERSION = '0.1.0';
