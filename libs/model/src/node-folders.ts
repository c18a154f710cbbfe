import type { Finding } from './check-document';
import type { NodeFolder, Service } from './service';

/**
 * What of a node no service is given: the kernel's own, and where sockets are, that of dockerd among them, by which
 * whoever may connect is root on the machine. A mount that is read-only forbids no connection.
 */
const MACHINES_OWN = ['/dev', '/proc', '/run', '/sys', '/var/run'];

export function checkNodeFolders({ nodeFolders }: Pick<Service, 'nodeFolders'>): Finding[] {
  return nodeFolders.flatMap(({ folder }: NodeFolder, index) => {
    const own = MACHINES_OWN.find((one) => isIn(folder, one) || isIn(one, folder));
    if (own === undefined) return [];
    const what = folder === own ? 'be' : isIn(folder, own) ? 'be in' : 'hold';
    return [
      {
        path: ['nodeFolders', index, 'folder'],
        message: `must not ${what} ${own}, which is the machine's own`,
        hint: 'make a folder for this alone, for example /srv/certificates',
      },
    ];
  });
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
