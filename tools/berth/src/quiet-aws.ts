/** The AWS SDK tells each process which Node it wants one day; whoever types a command can do nothing about it. */
export function quietAws(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}
