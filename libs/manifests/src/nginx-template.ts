import Handlebars from 'handlebars';

/** One server block of nginx.conf. */
export interface NginxServer {
  /** Space between host names. */
  names: string;
  /** The Service's name, its port and the namespace. */
  comment: string;
  listen: string;
  /** What is let through: `/`, or a path and what is below it; then the rest is answered with 404. */
  locations: string[];
  restricted: boolean;
  /** `proxy_pass http://…` or `grpc_pass grpc://…`, whole. */
  upstream: string;
  pass: string;
  settings: string[];
}

export interface NginxModel {
  header: string[];
  resolver: string;
  listens: string[];
  servers: NginxServer[];
}

/** Only loops and prints; every value has been checked by the model (host names, numbers, URL paths of plain letters). */
const TEMPLATE = `{{#each header}}
# {{this}}
{{/each}}

events {
}

http {
  # The cluster's DNS service.
  resolver {{resolver}} valid=5s;
  server_names_hash_bucket_size 512;
  server_tokens off;

  map $http_upgrade $connection_upgrade {
    default upgrade;
    '' '';
  }

{{#each listens}}
  server {
    listen {{this}} default_server;
    return 404;
  }
{{/each}}
{{#each servers}}

  # {{comment}}
  server {
    listen {{listen}};
    server_name {{names}};
{{#if restricted}}
    location / {
      return 404;
    }
{{/if}}
{{#each locations}}
    location {{this}} {
{{#each ../settings}}
      {{this}};
{{/each}}
      # In a variable, so that a name which does not resolve yet stops only this service.
      set $upstream {{../upstream}};
      {{../pass}};
    }
{{/each}}
  }
{{/each}}
}
`;

const render = Handlebars.compile<NginxModel>(TEMPLATE, { strict: true, noEscape: true });

/** Text of an nginx.conf. */
export function renderNginxConfiguration(model: NginxModel): string {
  return render(model);
}
