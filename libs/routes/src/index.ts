export { apiServerAddresses } from './addresses';
export { claimsOf, type Claim, type Claims } from './claims';
export { difference, differenceAt, isEmpty, type RouteDifference } from './difference';
export { LiveRouteTable, type TableChange } from './live-route-table';
export * from './observed';
export * from './route';
export * from './served';
export * from './swarm-service';
export { routeTable, type RouteTableOptions } from './route-table';
