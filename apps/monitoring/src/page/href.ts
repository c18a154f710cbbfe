/** Where a host answers: at the same gateway as this page, so at its port and by its scheme. */
export function hrefOf(host: string, page: Pick<Location, 'protocol' | 'port'> = location): string {
  return `${page.protocol}//${host}${page.port ? `:${page.port}` : ''}/`;
}
