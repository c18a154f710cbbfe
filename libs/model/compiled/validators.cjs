"use strict";
exports.service = validate10;
const schema11 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"service.schema.json","title":"A Berth service (service.json)","type":"object","additionalProperties":false,"properties":{"$schema":{"type":"string","description":"Where editors find this schema."},"ports":{"description":"The ports the service listens on. Inside the environment port 80 leads to the first HTTP port (`http://<service>`); the others keep their numbers.","type":"array","default":[],"items":{"$ref":"#/definitions/port"}},"health":{"$ref":"#/definitions/health"},"scale":{"description":"How many pods there are.","type":"object","additionalProperties":false,"properties":{"min":{"description":"Pods that always run. From 2 on, a PodDisruptionBudget keeps all but one of them through node drains.","expected":"a whole number from 0 to 1000","type":"integer","minimum":0,"maximum":1000,"default":1},"max":{"description":"With it, an autoscaler runs between min and max pods.","expected":"a whole number from 1 to 1000","type":"integer","minimum":1,"maximum":1000},"cpu":{"description":"CPU use the autoscaler aims at, percent of the request. Only with max.","expected":"a whole number from 1 to 1000 (percent of the requested CPU)","type":"integer","minimum":1,"maximum":1000,"default":80}}},"resources":{"$ref":"#/definitions/resources"},"needs":{"description":"Names of services of the same environment that this one calls. Each gives the variable <NAME>_URL.","type":"array","uniqueItems":true,"default":[],"items":{"$ref":"#/definitions/label"}},"env":{"$ref":"#/definitions/env"},"secrets":{"description":"Keys of the environment's Secret that become environment variables of the same name; with orchestrators, in environments on those alone.","type":"array","uniqueItems":true,"default":[],"items":{"expected":"the name of an environment variable (letters, digits and _, no digit first), or an object with name and orchestrators","type":["string","object"],"maxLength":253,"pattern":"^[A-Za-z_][A-Za-z0-9_]*$","additionalProperties":false,"required":["name","orchestrators"],"properties":{"name":{"$ref":"#/definitions/variable"},"orchestrators":{"$ref":"#/definitions/orchestrators"}}}},"volumes":{"description":"Storage that outlives the pods. Each pod has its own.","type":"array","default":[],"items":{"type":"object","additionalProperties":false,"required":["name","path","size"],"properties":{"name":{"$ref":"#/definitions/label"},"path":{"$ref":"#/definitions/path"},"size":{"$ref":"#/definitions/memory"}}}},"command":{"description":"Program and arguments in place of the image's own, taken literally.","$ref":"#/definitions/command"},"user":{"description":"Numeric user and group that the containers run as, never root.","expected":"a whole number from 1 to 2147483647","type":"integer","minimum":1,"maximum":2147483647,"default":1000},"writable":{"description":"Folders that are writable in the otherwise read-only root; emptied with the pod.","type":"array","uniqueItems":true,"default":[],"items":{"$ref":"#/definitions/path"}},"nodeFolders":{"description":"On Swarm: folders of each node that the container may read, such as certificates that are renewed there. They must be there on every node where it runs.","type":"array","default":[],"items":{"type":"object","additionalProperties":false,"required":["folder","path"],"properties":{"folder":{"$ref":"#/definitions/path","description":"Where it is on the node."},"path":{"$ref":"#/definitions/path","description":"Where it is in the container."}}}},"image":{"description":"Someone else's image, in place of a Dockerfile: with a tag other than latest, a digest, or both.","expected":"an image reference with a tag or digest, for example docker.io/library/postgres:17.2","type":"string","pattern":"^[a-z0-9][a-zA-Z0-9.:_/-]*[a-zA-Z0-9_](@sha256:[a-f0-9]{64})?$"},"orchestrators":{"description":"What the service can run on, when that is not everything: environments on another orchestrator leave it out, and say so.","$ref":"#/definitions/orchestrators"},"proxy":{"description":"How the gateway treats requests for the public ports.","type":"object","additionalProperties":false,"default":{},"properties":{"connectTimeout":{"$ref":"#/definitions/seconds","description":"Seconds until a connection to a pod must stand."},"readTimeout":{"$ref":"#/definitions/seconds","description":"Seconds a pod may be silent before the request is given up."},"bodySize":{"description":"The largest request body.","expected":"at most ten digits (nine with g) with an optional unit k, m or g, for example 10m","type":"string","pattern":"^([0-9]{1,10}[km]?|[0-9]{1,9}g)$"},"hosts":{"description":"More host names that lead to the first public port.","type":"array","maxItems":100,"uniqueItems":true,"items":{"$ref":"#/definitions/hostname"}},"path":{"description":"Only requests for this path and below it are let through.","expected":"a URL path that starts with / and has only letters, digits, . _ ~ - and single slashes, and no step . or ..","type":"string","maxLength":1000,"pattern":"^(?!.*/\\.{1,2}(/|$))/([A-Za-z0-9._~-]+/)*[A-Za-z0-9._~-]*$"},"redirect":{"description":"Where requests over plain HTTP are sent instead of to a pod.","enum":["https"]},"hsts":{"description":"Seconds for which browsers use only HTTPS for these hosts after an answer over HTTPS; 0 makes them forget it.","expected":"a whole number from 0 to 63072000 (seconds; two years)","type":"integer","minimum":0,"maximum":63072000}}},"alerts":{"description":"When people are told that the service is not well, by the rules of `nx g prometheus`.","type":"object","additionalProperties":false,"default":{},"properties":{"errors":{"description":"Share of requests that may fail (5xx); false: no alert.","expected":"a number above 0 and below 1, for example 0.05, or false","type":["number","boolean"],"exclusiveMinimum":0,"exclusiveMaximum":1,"not":{"const":true},"default":0.05},"seconds":{"description":"Seconds in which 95 of 100 requests are to be answered; false: no alert. Half of proxy.readTimeout when absent, at most 5, or else 1; no alert for gRPC.","expected":"a number above 0 and below 10 (seconds), or false","type":["number","boolean"],"exclusiveMinimum":0,"exclusiveMaximum":10,"not":{"const":true}}}},"sidecars":{"description":"More containers of the same image in each pod; they share the writable folders.","type":"array","default":[],"items":{"type":"object","additionalProperties":false,"required":["name","command"],"properties":{"name":{"$ref":"#/definitions/label"},"command":{"$ref":"#/definitions/command"},"env":{"$ref":"#/definitions/env"},"resources":{"$ref":"#/definitions/resources"}}}},"apiAccess":{"description":"Whether the pods get a token for the cluster's API. What it may do is said by Roles in kubernetes/*.yaml.","expected":"true or false","type":"boolean","default":false},"apiReader":{"description":"On Swarm, where apiAccess needs it: a program of the same image that reads dockerd's API in the service's place, as a service of its own on the managers, and answers it at SWARM_API_URL.","$ref":"#/definitions/command"},"taskRole":{"description":"ECS: the role whose rights all containers of a task have; without it they have none. It is of one account, so it belongs into env.json.","expected":"the ARN of a role, for example arn:aws:iam::123456789012:role/pricing","type":"string","pattern":"^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$"}},"definitions":{"label":{"expected":"a DNS label: at most 63 lower-case letters, digits and hyphens, with a letter or digit at both ends","type":"string","maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},"hostname":{"expected":"a host name, for example shop.example.com","type":"string","maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$"},"portName":{"expected":"at most 15 lower-case letters, digits and single hyphens, with at least one letter","type":"string","maxLength":15,"pattern":"^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$"},"port":{"type":"object","additionalProperties":false,"required":["name","port"],"properties":{"name":{"$ref":"#/definitions/portName","description":"Name of the port; part of its host name when it is not the first public one."},"port":{"description":"The number the service listens on.","expected":"a whole number from 1024 to 65535 (pods run without the right to bind lower ones)","type":"integer","minimum":1024,"maximum":65535},"appProtocol":{"description":"What the port speaks. All but tcp can be public.","type":"string","enum":["http","h2c","grpc","ws","tcp"],"default":"http"},"public":{"description":"Whether the gateway gives this port an address: <service>-<environment>.<domain> for the first public port.","expected":"true or false","type":"boolean","default":false},"nodePort":{"description":"Also opened to the outside under this number, past the gateway. cluster.json says how: at a load balancer, or at a port of the nodes that stands for it.","expected":"a whole number from 1 to 65535","type":"integer","minimum":1,"maximum":65535}}},"probe":{"type":"object","additionalProperties":false,"properties":{"path":{"$ref":"#/definitions/probePath"},"tcp":{"$ref":"#/definitions/probePort"},"grpc":{"$ref":"#/definitions/probePort"},"exec":{"$ref":"#/definitions/command"},"port":{"$ref":"#/definitions/portName"},"service":{"type":"string"}}},"probePath":{"description":"Asked by HTTP GET; well when the answer is 200 to 399.","expected":"a URL path that starts with /","type":"string","pattern":"^/[!-~]*$"},"probePort":{"expected":"true (the first port) or the name of a port","type":["string","boolean"],"not":{"const":false}},"health":{"description":"How a container is asked whether it is well: one of path, tcp, grpc and exec; or one each for readiness, liveness and startup.","type":"object","additionalProperties":false,"properties":{"path":{"$ref":"#/definitions/probePath"},"tcp":{"$ref":"#/definitions/probePort","description":"Well when a connection to this port opens."},"grpc":{"$ref":"#/definitions/probePort","description":"Well when the gRPC health service on this port says so."},"exec":{"$ref":"#/definitions/command","description":"Well when this program ends with 0 in the container."},"port":{"$ref":"#/definitions/portName","description":"The port that path asks; the first when absent."},"service":{"type":"string","description":"The service that grpc asks about."},"readiness":{"$ref":"#/definitions/probe","description":"Whether requests may come; in place of the common question."},"liveness":{"$ref":"#/definitions/probe","description":"Whether the container must be restarted; in place of the common question."},"startup":{"$ref":"#/definitions/probe","description":"Whether the start is over; in place of the common question."},"startSeconds":{"description":"Seconds that a start may take before the container is restarted.","expected":"a whole number from 1 to 3600 (seconds)","type":"integer","minimum":1,"maximum":3600,"default":60}}},"resources":{"description":"What a container asks of its node. Memory is the limit too.","type":"object","additionalProperties":false,"properties":{"cpu":{"expected":"cores or thousandths of a core, for example 0.5 or 100m","type":"string","pattern":"^([0-9]{1,6}m|[0-9]{1,4}(\\.[0-9]{1,3})?)$","default":"100m"},"memory":{"$ref":"#/definitions/memory","default":"128Mi"}}},"memory":{"expected":"bytes with a unit, for example 128Mi or 1Gi, and less than 1000Ti","type":"string","pattern":"^[1-9]([0-9]{0,5}(Ki|Mi|Gi|k|M|G)|[0-9]{0,2}(Ti|T))$"},"path":{"expected":"an absolute path below / without . or .. and without a slash at its end","type":"string","maxLength":1000,"pattern":"^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._@%+=-]+)+$"},"command":{"expected":"a list of one or more strings: the program and its arguments","type":"array","minItems":1,"items":{"type":"string"}},"orchestrators":{"expected":"a list of one or more of kubernetes, swarm, ecs","type":"array","minItems":1,"uniqueItems":true,"items":{"type":"string","enum":["kubernetes","swarm","ecs"]}},"variable":{"expected":"the name of an environment variable: letters, digits and _, no digit first","type":"string","maxLength":253,"pattern":"^[A-Za-z_][A-Za-z0-9_]*$"},"env":{"description":"Environment variables, taken literally.","type":"object","default":{},"propertyNames":{"$ref":"#/definitions/variable"},"additionalProperties":{"type":"string","expected":"a string (write numbers and booleans in quotes)"}},"seconds":{"expected":"a whole number from 1 to 86400 (seconds)","type":"integer","minimum":1,"maximum":86400}}};
const schema28 = {"expected":"a DNS label: at most 63 lower-case letters, digits and hyphens, with a letter or digit at both ends","type":"string","maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"};
const schema30 = {"expected":"the name of an environment variable: letters, digits and _, no digit first","type":"string","maxLength":253,"pattern":"^[A-Za-z_][A-Za-z0-9_]*$"};
const schema32 = {"expected":"a list of one or more of kubernetes, swarm, ecs","type":"array","minItems":1,"uniqueItems":true,"items":{"type":"string","enum":["kubernetes","swarm","ecs"]}};
const schema34 = {"expected":"an absolute path below / without . or .. and without a slash at its end","type":"string","maxLength":1000,"pattern":"^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._@%+=-]+)+$"};
const schema27 = {"expected":"bytes with a unit, for example 128Mi or 1Gi, and less than 1000Ti","type":"string","pattern":"^[1-9]([0-9]{0,5}(Ki|Mi|Gi|k|M|G)|[0-9]{0,2}(Ti|T))$"};
const schema18 = {"expected":"a list of one or more strings: the program and its arguments","type":"array","minItems":1,"items":{"type":"string"}};
const schema41 = {"expected":"a whole number from 1 to 86400 (seconds)","type":"integer","minimum":1,"maximum":86400};
const schema43 = {"expected":"a host name, for example shop.example.com","type":"string","maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$"};
const func2 = Object.prototype.hasOwnProperty;
const func3 = require("ajv/dist/runtime/ucs2length").default;
const func0 = require("ajv/dist/runtime/equal").default;
const schema12 = {"type":"object","additionalProperties":false,"required":["name","port"],"properties":{"name":{"$ref":"#/definitions/portName","description":"Name of the port; part of its host name when it is not the first public one."},"port":{"description":"The number the service listens on.","expected":"a whole number from 1024 to 65535 (pods run without the right to bind lower ones)","type":"integer","minimum":1024,"maximum":65535},"appProtocol":{"description":"What the port speaks. All but tcp can be public.","type":"string","enum":["http","h2c","grpc","ws","tcp"],"default":"http"},"public":{"description":"Whether the gateway gives this port an address: <service>-<environment>.<domain> for the first public port.","expected":"true or false","type":"boolean","default":false},"nodePort":{"description":"Also opened to the outside under this number, past the gateway. cluster.json says how: at a load balancer, or at a port of the nodes that stands for it.","expected":"a whole number from 1 to 65535","type":"integer","minimum":1,"maximum":65535}}};
const schema13 = {"expected":"at most 15 lower-case letters, digits and single hyphens, with at least one letter","type":"string","maxLength":15,"pattern":"^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$"};
const pattern0 = new RegExp("^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$", "u");

function validate11(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema12.required,parentSchema:schema12,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.port === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "port"},message:"must have required property '"+"port"+"'",schema:schema12.required,parentSchema:schema12,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "name") || (key0 === "port")) || (key0 === "appProtocol")) || (key0 === "public")) || (key0 === "nodePort"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema12,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 === "string"){
if(func3(data0) > 15){
const err3 = {instancePath:instancePath+"/name",schemaPath:"#/definitions/portName/maxLength",keyword:"maxLength",params:{limit: 15},message:"must NOT have more than 15 characters",schema:15,parentSchema:schema13,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(!pattern0.test(data0)){
const err4 = {instancePath:instancePath+"/name",schemaPath:"#/definitions/portName/pattern",keyword:"pattern",params:{pattern: "^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$"},message:"must match pattern \""+"^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$"+"\"",schema:"^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$",parentSchema:schema13,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/name",schemaPath:"#/definitions/portName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema13.type,parentSchema:schema13,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.port !== undefined){
let data1 = data.port;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
const err6 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema12.properties.port.type,parentSchema:schema12.properties.port,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 65535 || isNaN(data1)){
const err7 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema12.properties.port,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data1 < 1024 || isNaN(data1)){
const err8 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1024},message:"must be >= 1024",schema:1024,parentSchema:schema12.properties.port,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
if(data.appProtocol !== undefined){
let data2 = data.appProtocol;
if(typeof data2 !== "string"){
const err9 = {instancePath:instancePath+"/appProtocol",schemaPath:"#/properties/appProtocol/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.properties.appProtocol.type,parentSchema:schema12.properties.appProtocol,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(!(((((data2 === "http") || (data2 === "h2c")) || (data2 === "grpc")) || (data2 === "ws")) || (data2 === "tcp"))){
const err10 = {instancePath:instancePath+"/appProtocol",schemaPath:"#/properties/appProtocol/enum",keyword:"enum",params:{allowedValues: schema12.properties.appProtocol.enum},message:"must be equal to one of the allowed values",schema:schema12.properties.appProtocol.enum,parentSchema:schema12.properties.appProtocol,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.public !== undefined){
let data3 = data.public;
if(typeof data3 !== "boolean"){
const err11 = {instancePath:instancePath+"/public",schemaPath:"#/properties/public/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema12.properties.public.type,parentSchema:schema12.properties.public,data:data3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.nodePort !== undefined){
let data4 = data.nodePort;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
const err12 = {instancePath:instancePath+"/nodePort",schemaPath:"#/properties/nodePort/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema12.properties.nodePort.type,parentSchema:schema12.properties.nodePort,data:data4};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 65535 || isNaN(data4)){
const err13 = {instancePath:instancePath+"/nodePort",schemaPath:"#/properties/nodePort/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema12.properties.nodePort,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(data4 < 1 || isNaN(data4)){
const err14 = {instancePath:instancePath+"/nodePort",schemaPath:"#/properties/nodePort/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema12.properties.nodePort,data:data4};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
}
}
else {
const err15 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema12.type,parentSchema:schema12,data};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
validate11.errors = vErrors;
return errors === 0;
}

const schema14 = {"description":"How a container is asked whether it is well: one of path, tcp, grpc and exec; or one each for readiness, liveness and startup.","type":"object","additionalProperties":false,"properties":{"path":{"$ref":"#/definitions/probePath"},"tcp":{"$ref":"#/definitions/probePort","description":"Well when a connection to this port opens."},"grpc":{"$ref":"#/definitions/probePort","description":"Well when the gRPC health service on this port says so."},"exec":{"$ref":"#/definitions/command","description":"Well when this program ends with 0 in the container."},"port":{"$ref":"#/definitions/portName","description":"The port that path asks; the first when absent."},"service":{"type":"string","description":"The service that grpc asks about."},"readiness":{"$ref":"#/definitions/probe","description":"Whether requests may come; in place of the common question."},"liveness":{"$ref":"#/definitions/probe","description":"Whether the container must be restarted; in place of the common question."},"startup":{"$ref":"#/definitions/probe","description":"Whether the start is over; in place of the common question."},"startSeconds":{"description":"Seconds that a start may take before the container is restarted.","expected":"a whole number from 1 to 3600 (seconds)","type":"integer","minimum":1,"maximum":3600,"default":60}}};
const schema15 = {"description":"Asked by HTTP GET; well when the answer is 200 to 399.","expected":"a URL path that starts with /","type":"string","pattern":"^/[!-~]*$"};
const schema16 = {"expected":"true (the first port) or the name of a port","type":["string","boolean"],"not":{"const":false}};
const pattern1 = new RegExp("^/[!-~]*$", "u");
const schema20 = {"type":"object","additionalProperties":false,"properties":{"path":{"$ref":"#/definitions/probePath"},"tcp":{"$ref":"#/definitions/probePort"},"grpc":{"$ref":"#/definitions/probePort"},"exec":{"$ref":"#/definitions/command"},"port":{"$ref":"#/definitions/portName"},"service":{"type":"string"}}};

function validate14(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((((key0 === "path") || (key0 === "tcp")) || (key0 === "grpc")) || (key0 === "exec")) || (key0 === "port")) || (key0 === "service"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema20,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.path !== undefined){
let data0 = data.path;
if(typeof data0 === "string"){
if(!pattern1.test(data0)){
const err1 = {instancePath:instancePath+"/path",schemaPath:"#/definitions/probePath/pattern",keyword:"pattern",params:{pattern: "^/[!-~]*$"},message:"must match pattern \""+"^/[!-~]*$"+"\"",schema:"^/[!-~]*$",parentSchema:schema15,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
else {
const err2 = {instancePath:instancePath+"/path",schemaPath:"#/definitions/probePath/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema15.type,parentSchema:schema15,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.tcp !== undefined){
let data1 = data.tcp;
if((typeof data1 !== "string") && (typeof data1 !== "boolean")){
const err3 = {instancePath:instancePath+"/tcp",schemaPath:"#/definitions/probePort/type",keyword:"type",params:{type: schema16.type},message:"must be string,boolean",schema:schema16.type,parentSchema:schema16,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
const _errs8 = errors;
const _errs9 = errors;
if(false !== data1){
const err4 = {};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
var valid3 = _errs9 === errors;
if(valid3){
const err5 = {instancePath:instancePath+"/tcp",schemaPath:"#/definitions/probePort/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema16.not,parentSchema:schema16,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
else {
errors = _errs8;
if(vErrors !== null){
if(_errs8){
vErrors.length = _errs8;
}
else {
vErrors = null;
}
}
}
}
if(data.grpc !== undefined){
let data2 = data.grpc;
if((typeof data2 !== "string") && (typeof data2 !== "boolean")){
const err6 = {instancePath:instancePath+"/grpc",schemaPath:"#/definitions/probePort/type",keyword:"type",params:{type: schema16.type},message:"must be string,boolean",schema:schema16.type,parentSchema:schema16,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
const _errs13 = errors;
const _errs14 = errors;
if(false !== data2){
const err7 = {};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
var valid5 = _errs14 === errors;
if(valid5){
const err8 = {instancePath:instancePath+"/grpc",schemaPath:"#/definitions/probePort/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema16.not,parentSchema:schema16,data:data2};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
else {
errors = _errs13;
if(vErrors !== null){
if(_errs13){
vErrors.length = _errs13;
}
else {
vErrors = null;
}
}
}
}
if(data.exec !== undefined){
let data3 = data.exec;
if(Array.isArray(data3)){
if(data3.length < 1){
const err9 = {instancePath:instancePath+"/exec",schemaPath:"#/definitions/command/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema18,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
let data4 = data3[i0];
if(typeof data4 !== "string"){
const err10 = {instancePath:instancePath+"/exec/" + i0,schemaPath:"#/definitions/command/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema18.items.type,parentSchema:schema18.items,data:data4};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
}
else {
const err11 = {instancePath:instancePath+"/exec",schemaPath:"#/definitions/command/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema18.type,parentSchema:schema18,data:data3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.port !== undefined){
let data5 = data.port;
if(typeof data5 === "string"){
if(func3(data5) > 15){
const err12 = {instancePath:instancePath+"/port",schemaPath:"#/definitions/portName/maxLength",keyword:"maxLength",params:{limit: 15},message:"must NOT have more than 15 characters",schema:15,parentSchema:schema13,data:data5};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(!pattern0.test(data5)){
const err13 = {instancePath:instancePath+"/port",schemaPath:"#/definitions/portName/pattern",keyword:"pattern",params:{pattern: "^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$"},message:"must match pattern \""+"^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$"+"\"",schema:"^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$",parentSchema:schema13,data:data5};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/port",schemaPath:"#/definitions/portName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema13.type,parentSchema:schema13,data:data5};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.service !== undefined){
let data6 = data.service;
if(typeof data6 !== "string"){
const err15 = {instancePath:instancePath+"/service",schemaPath:"#/properties/service/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema20.properties.service.type,parentSchema:schema20.properties.service,data:data6};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
}
else {
const err16 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema20.type,parentSchema:schema20,data};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
validate14.errors = vErrors;
return errors === 0;
}


function validate13(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func2.call(schema14.properties, key0))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema14,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.path !== undefined){
let data0 = data.path;
if(typeof data0 === "string"){
if(!pattern1.test(data0)){
const err1 = {instancePath:instancePath+"/path",schemaPath:"#/definitions/probePath/pattern",keyword:"pattern",params:{pattern: "^/[!-~]*$"},message:"must match pattern \""+"^/[!-~]*$"+"\"",schema:"^/[!-~]*$",parentSchema:schema15,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
else {
const err2 = {instancePath:instancePath+"/path",schemaPath:"#/definitions/probePath/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema15.type,parentSchema:schema15,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.tcp !== undefined){
let data1 = data.tcp;
if((typeof data1 !== "string") && (typeof data1 !== "boolean")){
const err3 = {instancePath:instancePath+"/tcp",schemaPath:"#/definitions/probePort/type",keyword:"type",params:{type: schema16.type},message:"must be string,boolean",schema:schema16.type,parentSchema:schema16,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
const _errs8 = errors;
const _errs9 = errors;
if(false !== data1){
const err4 = {};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
var valid3 = _errs9 === errors;
if(valid3){
const err5 = {instancePath:instancePath+"/tcp",schemaPath:"#/definitions/probePort/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema16.not,parentSchema:schema16,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
else {
errors = _errs8;
if(vErrors !== null){
if(_errs8){
vErrors.length = _errs8;
}
else {
vErrors = null;
}
}
}
}
if(data.grpc !== undefined){
let data2 = data.grpc;
if((typeof data2 !== "string") && (typeof data2 !== "boolean")){
const err6 = {instancePath:instancePath+"/grpc",schemaPath:"#/definitions/probePort/type",keyword:"type",params:{type: schema16.type},message:"must be string,boolean",schema:schema16.type,parentSchema:schema16,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
const _errs13 = errors;
const _errs14 = errors;
if(false !== data2){
const err7 = {};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
var valid5 = _errs14 === errors;
if(valid5){
const err8 = {instancePath:instancePath+"/grpc",schemaPath:"#/definitions/probePort/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema16.not,parentSchema:schema16,data:data2};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
else {
errors = _errs13;
if(vErrors !== null){
if(_errs13){
vErrors.length = _errs13;
}
else {
vErrors = null;
}
}
}
}
if(data.exec !== undefined){
let data3 = data.exec;
if(Array.isArray(data3)){
if(data3.length < 1){
const err9 = {instancePath:instancePath+"/exec",schemaPath:"#/definitions/command/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema18,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
let data4 = data3[i0];
if(typeof data4 !== "string"){
const err10 = {instancePath:instancePath+"/exec/" + i0,schemaPath:"#/definitions/command/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema18.items.type,parentSchema:schema18.items,data:data4};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
}
else {
const err11 = {instancePath:instancePath+"/exec",schemaPath:"#/definitions/command/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema18.type,parentSchema:schema18,data:data3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.port !== undefined){
let data5 = data.port;
if(typeof data5 === "string"){
if(func3(data5) > 15){
const err12 = {instancePath:instancePath+"/port",schemaPath:"#/definitions/portName/maxLength",keyword:"maxLength",params:{limit: 15},message:"must NOT have more than 15 characters",schema:15,parentSchema:schema13,data:data5};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(!pattern0.test(data5)){
const err13 = {instancePath:instancePath+"/port",schemaPath:"#/definitions/portName/pattern",keyword:"pattern",params:{pattern: "^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$"},message:"must match pattern \""+"^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$"+"\"",schema:"^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$",parentSchema:schema13,data:data5};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/port",schemaPath:"#/definitions/portName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema13.type,parentSchema:schema13,data:data5};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.service !== undefined){
let data6 = data.service;
if(typeof data6 !== "string"){
const err15 = {instancePath:instancePath+"/service",schemaPath:"#/properties/service/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema14.properties.service.type,parentSchema:schema14.properties.service,data:data6};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.readiness !== undefined){
if(!(validate14(data.readiness, {instancePath:instancePath+"/readiness",parentData:data,parentDataProperty:"readiness",rootData}))){
vErrors = vErrors === null ? validate14.errors : vErrors.concat(validate14.errors);
errors = vErrors.length;
}
}
if(data.liveness !== undefined){
if(!(validate14(data.liveness, {instancePath:instancePath+"/liveness",parentData:data,parentDataProperty:"liveness",rootData}))){
vErrors = vErrors === null ? validate14.errors : vErrors.concat(validate14.errors);
errors = vErrors.length;
}
}
if(data.startup !== undefined){
if(!(validate14(data.startup, {instancePath:instancePath+"/startup",parentData:data,parentDataProperty:"startup",rootData}))){
vErrors = vErrors === null ? validate14.errors : vErrors.concat(validate14.errors);
errors = vErrors.length;
}
}
if(data.startSeconds !== undefined){
let data10 = data.startSeconds;
if(!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))){
const err16 = {instancePath:instancePath+"/startSeconds",schemaPath:"#/properties/startSeconds/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema14.properties.startSeconds.type,parentSchema:schema14.properties.startSeconds,data:data10};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 > 3600 || isNaN(data10)){
const err17 = {instancePath:instancePath+"/startSeconds",schemaPath:"#/properties/startSeconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3600},message:"must be <= 3600",schema:3600,parentSchema:schema14.properties.startSeconds,data:data10};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(data10 < 1 || isNaN(data10)){
const err18 = {instancePath:instancePath+"/startSeconds",schemaPath:"#/properties/startSeconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema14.properties.startSeconds,data:data10};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
}
}
else {
const err19 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema14.type,parentSchema:schema14,data};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
validate13.errors = vErrors;
return errors === 0;
}

const schema26 = {"description":"What a container asks of its node. Memory is the limit too.","type":"object","additionalProperties":false,"properties":{"cpu":{"expected":"cores or thousandths of a core, for example 0.5 or 100m","type":"string","pattern":"^([0-9]{1,6}m|[0-9]{1,4}(\\.[0-9]{1,3})?)$","default":"100m"},"memory":{"$ref":"#/definitions/memory","default":"128Mi"}}};
const pattern5 = new RegExp("^([0-9]{1,6}m|[0-9]{1,4}(\\.[0-9]{1,3})?)$", "u");
const pattern6 = new RegExp("^[1-9]([0-9]{0,5}(Ki|Mi|Gi|k|M|G)|[0-9]{0,2}(Ti|T))$", "u");

function validate19(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((key0 === "cpu") || (key0 === "memory"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema26,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.cpu !== undefined){
let data0 = data.cpu;
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
const err1 = {instancePath:instancePath+"/cpu",schemaPath:"#/properties/cpu/pattern",keyword:"pattern",params:{pattern: "^([0-9]{1,6}m|[0-9]{1,4}(\\.[0-9]{1,3})?)$"},message:"must match pattern \""+"^([0-9]{1,6}m|[0-9]{1,4}(\\.[0-9]{1,3})?)$"+"\"",schema:"^([0-9]{1,6}m|[0-9]{1,4}(\\.[0-9]{1,3})?)$",parentSchema:schema26.properties.cpu,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
else {
const err2 = {instancePath:instancePath+"/cpu",schemaPath:"#/properties/cpu/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema26.properties.cpu.type,parentSchema:schema26.properties.cpu,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.memory !== undefined){
let data1 = data.memory;
if(typeof data1 === "string"){
if(!pattern6.test(data1)){
const err3 = {instancePath:instancePath+"/memory",schemaPath:"#/definitions/memory/pattern",keyword:"pattern",params:{pattern: "^[1-9]([0-9]{0,5}(Ki|Mi|Gi|k|M|G)|[0-9]{0,2}(Ti|T))$"},message:"must match pattern \""+"^[1-9]([0-9]{0,5}(Ki|Mi|Gi|k|M|G)|[0-9]{0,2}(Ti|T))$"+"\"",schema:"^[1-9]([0-9]{0,5}(Ki|Mi|Gi|k|M|G)|[0-9]{0,2}(Ti|T))$",parentSchema:schema27,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/memory",schemaPath:"#/definitions/memory/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema27.type,parentSchema:schema27,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
}
else {
const err5 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema26.type,parentSchema:schema26,data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
validate19.errors = vErrors;
return errors === 0;
}

const schema29 = {"description":"Environment variables, taken literally.","type":"object","default":{},"propertyNames":{"$ref":"#/definitions/variable"},"additionalProperties":{"type":"string","expected":"a string (write numbers and booleans in quotes)"}};
const pattern8 = new RegExp("^[A-Za-z_][A-Za-z0-9_]*$", "u");

function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
const _errs1 = errors;
if(typeof key0 === "string"){
if(func3(key0) > 253){
const err0 = {instancePath,schemaPath:"#/definitions/variable/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema30,data:key0,propertyName:key0};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(!pattern8.test(key0)){
const err1 = {instancePath,schemaPath:"#/definitions/variable/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*$"},message:"must match pattern \""+"^[A-Za-z_][A-Za-z0-9_]*$"+"\"",schema:"^[A-Za-z_][A-Za-z0-9_]*$",parentSchema:schema30,data:key0,propertyName:key0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
else {
const err2 = {instancePath,schemaPath:"#/definitions/variable/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema30.type,parentSchema:schema30,data:key0,propertyName:key0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
var valid0 = _errs1 === errors;
if(!valid0){
const err3 = {instancePath,schemaPath:"#/propertyNames",keyword:"propertyNames",params:{propertyName: key0},message:"property name must be valid",schema:schema29.propertyNames,parentSchema:schema29,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
for(const key1 in data){
let data0 = data[key1];
if(typeof data0 !== "string"){
const err4 = {instancePath:instancePath+"/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/additionalProperties/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema29.additionalProperties.type,parentSchema:schema29.additionalProperties,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
}
else {
const err5 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema29.type,parentSchema:schema29,data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
validate21.errors = vErrors;
return errors === 0;
}

const pattern7 = new RegExp("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "u");
const pattern12 = new RegExp("^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._@%+=-]+)+$", "u");
const pattern17 = new RegExp("^[a-z0-9][a-zA-Z0-9.:_/-]*[a-zA-Z0-9_](@sha256:[a-f0-9]{64})?$", "u");
const pattern18 = new RegExp("^([0-9]{1,10}[km]?|[0-9]{1,9}g)$", "u");
const pattern19 = new RegExp("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$", "u");
const pattern20 = new RegExp("^(?!.*/\\.{1,2}(/|$))/([A-Za-z0-9._~-]+/)*[A-Za-z0-9._~-]*$", "u");
const pattern22 = new RegExp("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$", "u");

function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="service.schema.json" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func2.call(schema11.properties, key0))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.$schema !== undefined){
let data0 = data.$schema;
if(typeof data0 !== "string"){
const err1 = {instancePath:instancePath+"/$schema",schemaPath:"#/properties/%24schema/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.$schema.type,parentSchema:schema11.properties.$schema,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.ports !== undefined){
let data1 = data.ports;
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
if(!(validate11(data1[i0], {instancePath:instancePath+"/ports/" + i0,parentData:data1,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors);
errors = vErrors.length;
}
}
}
else {
const err2 = {instancePath:instancePath+"/ports",schemaPath:"#/properties/ports/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.ports.type,parentSchema:schema11.properties.ports,data:data1};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.health !== undefined){
if(!(validate13(data.health, {instancePath:instancePath+"/health",parentData:data,parentDataProperty:"health",rootData}))){
vErrors = vErrors === null ? validate13.errors : vErrors.concat(validate13.errors);
errors = vErrors.length;
}
}
if(data.scale !== undefined){
let data4 = data.scale;
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key1 in data4){
if(!(((key1 === "min") || (key1 === "max")) || (key1 === "cpu"))){
const err3 = {instancePath:instancePath+"/scale",schemaPath:"#/properties/scale/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.scale,data:data4};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data4.min !== undefined){
let data5 = data4.min;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
const err4 = {instancePath:instancePath+"/scale/min",schemaPath:"#/properties/scale/properties/min/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.scale.properties.min.type,parentSchema:schema11.properties.scale.properties.min,data:data5};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 1000 || isNaN(data5)){
const err5 = {instancePath:instancePath+"/scale/min",schemaPath:"#/properties/scale/properties/min/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000},message:"must be <= 1000",schema:1000,parentSchema:schema11.properties.scale.properties.min,data:data5};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data5 < 0 || isNaN(data5)){
const err6 = {instancePath:instancePath+"/scale/min",schemaPath:"#/properties/scale/properties/min/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema11.properties.scale.properties.min,data:data5};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
}
if(data4.max !== undefined){
let data6 = data4.max;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
const err7 = {instancePath:instancePath+"/scale/max",schemaPath:"#/properties/scale/properties/max/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.scale.properties.max.type,parentSchema:schema11.properties.scale.properties.max,data:data6};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 > 1000 || isNaN(data6)){
const err8 = {instancePath:instancePath+"/scale/max",schemaPath:"#/properties/scale/properties/max/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000},message:"must be <= 1000",schema:1000,parentSchema:schema11.properties.scale.properties.max,data:data6};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data6 < 1 || isNaN(data6)){
const err9 = {instancePath:instancePath+"/scale/max",schemaPath:"#/properties/scale/properties/max/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.scale.properties.max,data:data6};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
if(data4.cpu !== undefined){
let data7 = data4.cpu;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
const err10 = {instancePath:instancePath+"/scale/cpu",schemaPath:"#/properties/scale/properties/cpu/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.scale.properties.cpu.type,parentSchema:schema11.properties.scale.properties.cpu,data:data7};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 > 1000 || isNaN(data7)){
const err11 = {instancePath:instancePath+"/scale/cpu",schemaPath:"#/properties/scale/properties/cpu/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000},message:"must be <= 1000",schema:1000,parentSchema:schema11.properties.scale.properties.cpu,data:data7};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(data7 < 1 || isNaN(data7)){
const err12 = {instancePath:instancePath+"/scale/cpu",schemaPath:"#/properties/scale/properties/cpu/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.scale.properties.cpu,data:data7};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
}
}
else {
const err13 = {instancePath:instancePath+"/scale",schemaPath:"#/properties/scale/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.scale.type,parentSchema:schema11.properties.scale,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.resources !== undefined){
if(!(validate19(data.resources, {instancePath:instancePath+"/resources",parentData:data,parentDataProperty:"resources",rootData}))){
vErrors = vErrors === null ? validate19.errors : vErrors.concat(validate19.errors);
errors = vErrors.length;
}
}
if(data.needs !== undefined){
let data9 = data.needs;
if(Array.isArray(data9)){
const len1 = data9.length;
for(let i1=0; i1<len1; i1++){
let data10 = data9[i1];
if(typeof data10 === "string"){
if(func3(data10) > 63){
const err14 = {instancePath:instancePath+"/needs/" + i1,schemaPath:"#/definitions/label/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema28,data:data10};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(!pattern7.test(data10)){
const err15 = {instancePath:instancePath+"/needs/" + i1,schemaPath:"#/definitions/label/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",parentSchema:schema28,data:data10};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
else {
const err16 = {instancePath:instancePath+"/needs/" + i1,schemaPath:"#/definitions/label/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema28.type,parentSchema:schema28,data:data10};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
let i2 = data9.length;
let j0;
if(i2 > 1){
outer0:
for(;i2--;){
for(j0 = i2; j0--;){
if(func0(data9[i2], data9[j0])){
const err17 = {instancePath:instancePath+"/needs",schemaPath:"#/properties/needs/uniqueItems",keyword:"uniqueItems",params:{i: i2, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i2+" are identical)",schema:true,parentSchema:schema11.properties.needs,data:data9};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
break outer0;
}
}
}
}
}
else {
const err18 = {instancePath:instancePath+"/needs",schemaPath:"#/properties/needs/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.needs.type,parentSchema:schema11.properties.needs,data:data9};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.env !== undefined){
if(!(validate21(data.env, {instancePath:instancePath+"/env",parentData:data,parentDataProperty:"env",rootData}))){
vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
errors = vErrors.length;
}
}
if(data.secrets !== undefined){
let data12 = data.secrets;
if(Array.isArray(data12)){
const len2 = data12.length;
for(let i3=0; i3<len2; i3++){
let data13 = data12[i3];
if((typeof data13 !== "string") && (!(data13 && typeof data13 == "object" && !Array.isArray(data13)))){
const err19 = {instancePath:instancePath+"/secrets/" + i3,schemaPath:"#/properties/secrets/items/type",keyword:"type",params:{type: schema11.properties.secrets.items.type},message:"must be string,object",schema:schema11.properties.secrets.items.type,parentSchema:schema11.properties.secrets.items,data:data13};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(typeof data13 === "string"){
if(func3(data13) > 253){
const err20 = {instancePath:instancePath+"/secrets/" + i3,schemaPath:"#/properties/secrets/items/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema11.properties.secrets.items,data:data13};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(!pattern8.test(data13)){
const err21 = {instancePath:instancePath+"/secrets/" + i3,schemaPath:"#/properties/secrets/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*$"},message:"must match pattern \""+"^[A-Za-z_][A-Za-z0-9_]*$"+"\"",schema:"^[A-Za-z_][A-Za-z0-9_]*$",parentSchema:schema11.properties.secrets.items,data:data13};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
if(data13.name === undefined){
const err22 = {instancePath:instancePath+"/secrets/" + i3,schemaPath:"#/properties/secrets/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema11.properties.secrets.items.required,parentSchema:schema11.properties.secrets.items,data:data13};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(data13.orchestrators === undefined){
const err23 = {instancePath:instancePath+"/secrets/" + i3,schemaPath:"#/properties/secrets/items/required",keyword:"required",params:{missingProperty: "orchestrators"},message:"must have required property '"+"orchestrators"+"'",schema:schema11.properties.secrets.items.required,parentSchema:schema11.properties.secrets.items,data:data13};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
for(const key2 in data13){
if(!((key2 === "name") || (key2 === "orchestrators"))){
const err24 = {instancePath:instancePath+"/secrets/" + i3,schemaPath:"#/properties/secrets/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.secrets.items,data:data13};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data13.name !== undefined){
let data14 = data13.name;
if(typeof data14 === "string"){
if(func3(data14) > 253){
const err25 = {instancePath:instancePath+"/secrets/" + i3+"/name",schemaPath:"#/definitions/variable/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema30,data:data14};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
if(!pattern8.test(data14)){
const err26 = {instancePath:instancePath+"/secrets/" + i3+"/name",schemaPath:"#/definitions/variable/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z_][A-Za-z0-9_]*$"},message:"must match pattern \""+"^[A-Za-z_][A-Za-z0-9_]*$"+"\"",schema:"^[A-Za-z_][A-Za-z0-9_]*$",parentSchema:schema30,data:data14};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
else {
const err27 = {instancePath:instancePath+"/secrets/" + i3+"/name",schemaPath:"#/definitions/variable/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema30.type,parentSchema:schema30,data:data14};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data13.orchestrators !== undefined){
let data15 = data13.orchestrators;
if(Array.isArray(data15)){
if(data15.length < 1){
const err28 = {instancePath:instancePath+"/secrets/" + i3+"/orchestrators",schemaPath:"#/definitions/orchestrators/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema32,data:data15};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
const len3 = data15.length;
for(let i4=0; i4<len3; i4++){
let data16 = data15[i4];
if(typeof data16 !== "string"){
const err29 = {instancePath:instancePath+"/secrets/" + i3+"/orchestrators/" + i4,schemaPath:"#/definitions/orchestrators/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.items.type,parentSchema:schema32.items,data:data16};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(!(((data16 === "kubernetes") || (data16 === "swarm")) || (data16 === "ecs"))){
const err30 = {instancePath:instancePath+"/secrets/" + i3+"/orchestrators/" + i4,schemaPath:"#/definitions/orchestrators/items/enum",keyword:"enum",params:{allowedValues: schema32.items.enum},message:"must be equal to one of the allowed values",schema:schema32.items.enum,parentSchema:schema32.items,data:data16};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
let i5 = data15.length;
let j1;
if(i5 > 1){
const indices0 = {};
for(;i5--;){
let item0 = data15[i5];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j1 = indices0[item0];
const err31 = {instancePath:instancePath+"/secrets/" + i3+"/orchestrators",schemaPath:"#/definitions/orchestrators/uniqueItems",keyword:"uniqueItems",params:{i: i5, j: j1},message:"must NOT have duplicate items (items ## "+j1+" and "+i5+" are identical)",schema:true,parentSchema:schema32,data:data15};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
break;
}
indices0[item0] = i5;
}
}
}
else {
const err32 = {instancePath:instancePath+"/secrets/" + i3+"/orchestrators",schemaPath:"#/definitions/orchestrators/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema32.type,parentSchema:schema32,data:data15};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
}
}
let i6 = data12.length;
let j2;
if(i6 > 1){
outer1:
for(;i6--;){
for(j2 = i6; j2--;){
if(func0(data12[i6], data12[j2])){
const err33 = {instancePath:instancePath+"/secrets",schemaPath:"#/properties/secrets/uniqueItems",keyword:"uniqueItems",params:{i: i6, j: j2},message:"must NOT have duplicate items (items ## "+j2+" and "+i6+" are identical)",schema:true,parentSchema:schema11.properties.secrets,data:data12};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
break outer1;
}
}
}
}
}
else {
const err34 = {instancePath:instancePath+"/secrets",schemaPath:"#/properties/secrets/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.secrets.type,parentSchema:schema11.properties.secrets,data:data12};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
if(data.volumes !== undefined){
let data17 = data.volumes;
if(Array.isArray(data17)){
const len4 = data17.length;
for(let i7=0; i7<len4; i7++){
let data18 = data17[i7];
if(data18 && typeof data18 == "object" && !Array.isArray(data18)){
if(data18.name === undefined){
const err35 = {instancePath:instancePath+"/volumes/" + i7,schemaPath:"#/properties/volumes/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema11.properties.volumes.items.required,parentSchema:schema11.properties.volumes.items,data:data18};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(data18.path === undefined){
const err36 = {instancePath:instancePath+"/volumes/" + i7,schemaPath:"#/properties/volumes/items/required",keyword:"required",params:{missingProperty: "path"},message:"must have required property '"+"path"+"'",schema:schema11.properties.volumes.items.required,parentSchema:schema11.properties.volumes.items,data:data18};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
if(data18.size === undefined){
const err37 = {instancePath:instancePath+"/volumes/" + i7,schemaPath:"#/properties/volumes/items/required",keyword:"required",params:{missingProperty: "size"},message:"must have required property '"+"size"+"'",schema:schema11.properties.volumes.items.required,parentSchema:schema11.properties.volumes.items,data:data18};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
for(const key3 in data18){
if(!(((key3 === "name") || (key3 === "path")) || (key3 === "size"))){
const err38 = {instancePath:instancePath+"/volumes/" + i7,schemaPath:"#/properties/volumes/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.volumes.items,data:data18};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(data18.name !== undefined){
let data19 = data18.name;
if(typeof data19 === "string"){
if(func3(data19) > 63){
const err39 = {instancePath:instancePath+"/volumes/" + i7+"/name",schemaPath:"#/definitions/label/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema28,data:data19};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if(!pattern7.test(data19)){
const err40 = {instancePath:instancePath+"/volumes/" + i7+"/name",schemaPath:"#/definitions/label/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",parentSchema:schema28,data:data19};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
else {
const err41 = {instancePath:instancePath+"/volumes/" + i7+"/name",schemaPath:"#/definitions/label/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema28.type,parentSchema:schema28,data:data19};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
if(data18.path !== undefined){
let data20 = data18.path;
if(typeof data20 === "string"){
if(func3(data20) > 1000){
const err42 = {instancePath:instancePath+"/volumes/" + i7+"/path",schemaPath:"#/definitions/path/maxLength",keyword:"maxLength",params:{limit: 1000},message:"must NOT have more than 1000 characters",schema:1000,parentSchema:schema34,data:data20};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
if(!pattern12.test(data20)){
const err43 = {instancePath:instancePath+"/volumes/" + i7+"/path",schemaPath:"#/definitions/path/pattern",keyword:"pattern",params:{pattern: "^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._@%+=-]+)+$"},message:"must match pattern \""+"^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._@%+=-]+)+$"+"\"",schema:"^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._@%+=-]+)+$",parentSchema:schema34,data:data20};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
else {
const err44 = {instancePath:instancePath+"/volumes/" + i7+"/path",schemaPath:"#/definitions/path/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data20};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
if(data18.size !== undefined){
let data21 = data18.size;
if(typeof data21 === "string"){
if(!pattern6.test(data21)){
const err45 = {instancePath:instancePath+"/volumes/" + i7+"/size",schemaPath:"#/definitions/memory/pattern",keyword:"pattern",params:{pattern: "^[1-9]([0-9]{0,5}(Ki|Mi|Gi|k|M|G)|[0-9]{0,2}(Ti|T))$"},message:"must match pattern \""+"^[1-9]([0-9]{0,5}(Ki|Mi|Gi|k|M|G)|[0-9]{0,2}(Ti|T))$"+"\"",schema:"^[1-9]([0-9]{0,5}(Ki|Mi|Gi|k|M|G)|[0-9]{0,2}(Ti|T))$",parentSchema:schema27,data:data21};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
else {
const err46 = {instancePath:instancePath+"/volumes/" + i7+"/size",schemaPath:"#/definitions/memory/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema27.type,parentSchema:schema27,data:data21};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
}
else {
const err47 = {instancePath:instancePath+"/volumes/" + i7,schemaPath:"#/properties/volumes/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.volumes.items.type,parentSchema:schema11.properties.volumes.items,data:data18};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
}
else {
const err48 = {instancePath:instancePath+"/volumes",schemaPath:"#/properties/volumes/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.volumes.type,parentSchema:schema11.properties.volumes,data:data17};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data.command !== undefined){
let data22 = data.command;
if(Array.isArray(data22)){
if(data22.length < 1){
const err49 = {instancePath:instancePath+"/command",schemaPath:"#/definitions/command/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema18,data:data22};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
const len5 = data22.length;
for(let i8=0; i8<len5; i8++){
let data23 = data22[i8];
if(typeof data23 !== "string"){
const err50 = {instancePath:instancePath+"/command/" + i8,schemaPath:"#/definitions/command/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema18.items.type,parentSchema:schema18.items,data:data23};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
}
else {
const err51 = {instancePath:instancePath+"/command",schemaPath:"#/definitions/command/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema18.type,parentSchema:schema18,data:data22};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
if(data.user !== undefined){
let data24 = data.user;
if(!(((typeof data24 == "number") && (!(data24 % 1) && !isNaN(data24))) && (isFinite(data24)))){
const err52 = {instancePath:instancePath+"/user",schemaPath:"#/properties/user/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.user.type,parentSchema:schema11.properties.user,data:data24};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
if((typeof data24 == "number") && (isFinite(data24))){
if(data24 > 2147483647 || isNaN(data24)){
const err53 = {instancePath:instancePath+"/user",schemaPath:"#/properties/user/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},message:"must be <= 2147483647",schema:2147483647,parentSchema:schema11.properties.user,data:data24};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
if(data24 < 1 || isNaN(data24)){
const err54 = {instancePath:instancePath+"/user",schemaPath:"#/properties/user/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema11.properties.user,data:data24};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
}
if(data.writable !== undefined){
let data25 = data.writable;
if(Array.isArray(data25)){
const len6 = data25.length;
for(let i9=0; i9<len6; i9++){
let data26 = data25[i9];
if(typeof data26 === "string"){
if(func3(data26) > 1000){
const err55 = {instancePath:instancePath+"/writable/" + i9,schemaPath:"#/definitions/path/maxLength",keyword:"maxLength",params:{limit: 1000},message:"must NOT have more than 1000 characters",schema:1000,parentSchema:schema34,data:data26};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
if(!pattern12.test(data26)){
const err56 = {instancePath:instancePath+"/writable/" + i9,schemaPath:"#/definitions/path/pattern",keyword:"pattern",params:{pattern: "^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._@%+=-]+)+$"},message:"must match pattern \""+"^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._@%+=-]+)+$"+"\"",schema:"^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._@%+=-]+)+$",parentSchema:schema34,data:data26};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
else {
const err57 = {instancePath:instancePath+"/writable/" + i9,schemaPath:"#/definitions/path/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data26};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
let i10 = data25.length;
let j3;
if(i10 > 1){
outer2:
for(;i10--;){
for(j3 = i10; j3--;){
if(func0(data25[i10], data25[j3])){
const err58 = {instancePath:instancePath+"/writable",schemaPath:"#/properties/writable/uniqueItems",keyword:"uniqueItems",params:{i: i10, j: j3},message:"must NOT have duplicate items (items ## "+j3+" and "+i10+" are identical)",schema:true,parentSchema:schema11.properties.writable,data:data25};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
break outer2;
}
}
}
}
}
else {
const err59 = {instancePath:instancePath+"/writable",schemaPath:"#/properties/writable/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.writable.type,parentSchema:schema11.properties.writable,data:data25};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
if(data.nodeFolders !== undefined){
let data27 = data.nodeFolders;
if(Array.isArray(data27)){
const len7 = data27.length;
for(let i11=0; i11<len7; i11++){
let data28 = data27[i11];
if(data28 && typeof data28 == "object" && !Array.isArray(data28)){
if(data28.folder === undefined){
const err60 = {instancePath:instancePath+"/nodeFolders/" + i11,schemaPath:"#/properties/nodeFolders/items/required",keyword:"required",params:{missingProperty: "folder"},message:"must have required property '"+"folder"+"'",schema:schema11.properties.nodeFolders.items.required,parentSchema:schema11.properties.nodeFolders.items,data:data28};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
if(data28.path === undefined){
const err61 = {instancePath:instancePath+"/nodeFolders/" + i11,schemaPath:"#/properties/nodeFolders/items/required",keyword:"required",params:{missingProperty: "path"},message:"must have required property '"+"path"+"'",schema:schema11.properties.nodeFolders.items.required,parentSchema:schema11.properties.nodeFolders.items,data:data28};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
for(const key4 in data28){
if(!((key4 === "folder") || (key4 === "path"))){
const err62 = {instancePath:instancePath+"/nodeFolders/" + i11,schemaPath:"#/properties/nodeFolders/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.nodeFolders.items,data:data28};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
if(data28.folder !== undefined){
let data29 = data28.folder;
if(typeof data29 === "string"){
if(func3(data29) > 1000){
const err63 = {instancePath:instancePath+"/nodeFolders/" + i11+"/folder",schemaPath:"#/definitions/path/maxLength",keyword:"maxLength",params:{limit: 1000},message:"must NOT have more than 1000 characters",schema:1000,parentSchema:schema34,data:data29};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
if(!pattern12.test(data29)){
const err64 = {instancePath:instancePath+"/nodeFolders/" + i11+"/folder",schemaPath:"#/definitions/path/pattern",keyword:"pattern",params:{pattern: "^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._@%+=-]+)+$"},message:"must match pattern \""+"^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._@%+=-]+)+$"+"\"",schema:"^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._@%+=-]+)+$",parentSchema:schema34,data:data29};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
else {
const err65 = {instancePath:instancePath+"/nodeFolders/" + i11+"/folder",schemaPath:"#/definitions/path/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data29};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
if(data28.path !== undefined){
let data30 = data28.path;
if(typeof data30 === "string"){
if(func3(data30) > 1000){
const err66 = {instancePath:instancePath+"/nodeFolders/" + i11+"/path",schemaPath:"#/definitions/path/maxLength",keyword:"maxLength",params:{limit: 1000},message:"must NOT have more than 1000 characters",schema:1000,parentSchema:schema34,data:data30};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
if(!pattern12.test(data30)){
const err67 = {instancePath:instancePath+"/nodeFolders/" + i11+"/path",schemaPath:"#/definitions/path/pattern",keyword:"pattern",params:{pattern: "^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._@%+=-]+)+$"},message:"must match pattern \""+"^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._@%+=-]+)+$"+"\"",schema:"^(/(?!\\.{1,2}(/|$))[A-Za-z0-9._@%+=-]+)+$",parentSchema:schema34,data:data30};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
else {
const err68 = {instancePath:instancePath+"/nodeFolders/" + i11+"/path",schemaPath:"#/definitions/path/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data30};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
}
else {
const err69 = {instancePath:instancePath+"/nodeFolders/" + i11,schemaPath:"#/properties/nodeFolders/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.nodeFolders.items.type,parentSchema:schema11.properties.nodeFolders.items,data:data28};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
}
else {
const err70 = {instancePath:instancePath+"/nodeFolders",schemaPath:"#/properties/nodeFolders/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.nodeFolders.type,parentSchema:schema11.properties.nodeFolders,data:data27};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
if(data.image !== undefined){
let data31 = data.image;
if(typeof data31 === "string"){
if(!pattern17.test(data31)){
const err71 = {instancePath:instancePath+"/image",schemaPath:"#/properties/image/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-zA-Z0-9.:_/-]*[a-zA-Z0-9_](@sha256:[a-f0-9]{64})?$"},message:"must match pattern \""+"^[a-z0-9][a-zA-Z0-9.:_/-]*[a-zA-Z0-9_](@sha256:[a-f0-9]{64})?$"+"\"",schema:"^[a-z0-9][a-zA-Z0-9.:_/-]*[a-zA-Z0-9_](@sha256:[a-f0-9]{64})?$",parentSchema:schema11.properties.image,data:data31};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
else {
const err72 = {instancePath:instancePath+"/image",schemaPath:"#/properties/image/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.image.type,parentSchema:schema11.properties.image,data:data31};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
if(data.orchestrators !== undefined){
let data32 = data.orchestrators;
if(Array.isArray(data32)){
if(data32.length < 1){
const err73 = {instancePath:instancePath+"/orchestrators",schemaPath:"#/definitions/orchestrators/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema32,data:data32};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
const len8 = data32.length;
for(let i12=0; i12<len8; i12++){
let data33 = data32[i12];
if(typeof data33 !== "string"){
const err74 = {instancePath:instancePath+"/orchestrators/" + i12,schemaPath:"#/definitions/orchestrators/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema32.items.type,parentSchema:schema32.items,data:data33};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
if(!(((data33 === "kubernetes") || (data33 === "swarm")) || (data33 === "ecs"))){
const err75 = {instancePath:instancePath+"/orchestrators/" + i12,schemaPath:"#/definitions/orchestrators/items/enum",keyword:"enum",params:{allowedValues: schema32.items.enum},message:"must be equal to one of the allowed values",schema:schema32.items.enum,parentSchema:schema32.items,data:data33};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
let i13 = data32.length;
let j4;
if(i13 > 1){
const indices1 = {};
for(;i13--;){
let item1 = data32[i13];
if(typeof item1 !== "string"){
continue;
}
if(typeof indices1[item1] == "number"){
j4 = indices1[item1];
const err76 = {instancePath:instancePath+"/orchestrators",schemaPath:"#/definitions/orchestrators/uniqueItems",keyword:"uniqueItems",params:{i: i13, j: j4},message:"must NOT have duplicate items (items ## "+j4+" and "+i13+" are identical)",schema:true,parentSchema:schema32,data:data32};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
break;
}
indices1[item1] = i13;
}
}
}
else {
const err77 = {instancePath:instancePath+"/orchestrators",schemaPath:"#/definitions/orchestrators/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema32.type,parentSchema:schema32,data:data32};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
if(data.proxy !== undefined){
let data34 = data.proxy;
if(data34 && typeof data34 == "object" && !Array.isArray(data34)){
for(const key5 in data34){
if(!(((((((key5 === "connectTimeout") || (key5 === "readTimeout")) || (key5 === "bodySize")) || (key5 === "hosts")) || (key5 === "path")) || (key5 === "redirect")) || (key5 === "hsts"))){
const err78 = {instancePath:instancePath+"/proxy",schemaPath:"#/properties/proxy/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.proxy,data:data34};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
if(data34.connectTimeout !== undefined){
let data35 = data34.connectTimeout;
if(!(((typeof data35 == "number") && (!(data35 % 1) && !isNaN(data35))) && (isFinite(data35)))){
const err79 = {instancePath:instancePath+"/proxy/connectTimeout",schemaPath:"#/definitions/seconds/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema41.type,parentSchema:schema41,data:data35};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
if((typeof data35 == "number") && (isFinite(data35))){
if(data35 > 86400 || isNaN(data35)){
const err80 = {instancePath:instancePath+"/proxy/connectTimeout",schemaPath:"#/definitions/seconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 86400},message:"must be <= 86400",schema:86400,parentSchema:schema41,data:data35};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
if(data35 < 1 || isNaN(data35)){
const err81 = {instancePath:instancePath+"/proxy/connectTimeout",schemaPath:"#/definitions/seconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema41,data:data35};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
}
if(data34.readTimeout !== undefined){
let data36 = data34.readTimeout;
if(!(((typeof data36 == "number") && (!(data36 % 1) && !isNaN(data36))) && (isFinite(data36)))){
const err82 = {instancePath:instancePath+"/proxy/readTimeout",schemaPath:"#/definitions/seconds/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema41.type,parentSchema:schema41,data:data36};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
if((typeof data36 == "number") && (isFinite(data36))){
if(data36 > 86400 || isNaN(data36)){
const err83 = {instancePath:instancePath+"/proxy/readTimeout",schemaPath:"#/definitions/seconds/maximum",keyword:"maximum",params:{comparison: "<=", limit: 86400},message:"must be <= 86400",schema:86400,parentSchema:schema41,data:data36};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
if(data36 < 1 || isNaN(data36)){
const err84 = {instancePath:instancePath+"/proxy/readTimeout",schemaPath:"#/definitions/seconds/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema41,data:data36};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
}
if(data34.bodySize !== undefined){
let data37 = data34.bodySize;
if(typeof data37 === "string"){
if(!pattern18.test(data37)){
const err85 = {instancePath:instancePath+"/proxy/bodySize",schemaPath:"#/properties/proxy/properties/bodySize/pattern",keyword:"pattern",params:{pattern: "^([0-9]{1,10}[km]?|[0-9]{1,9}g)$"},message:"must match pattern \""+"^([0-9]{1,10}[km]?|[0-9]{1,9}g)$"+"\"",schema:"^([0-9]{1,10}[km]?|[0-9]{1,9}g)$",parentSchema:schema11.properties.proxy.properties.bodySize,data:data37};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
else {
const err86 = {instancePath:instancePath+"/proxy/bodySize",schemaPath:"#/properties/proxy/properties/bodySize/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.proxy.properties.bodySize.type,parentSchema:schema11.properties.proxy.properties.bodySize,data:data37};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
if(data34.hosts !== undefined){
let data38 = data34.hosts;
if(Array.isArray(data38)){
if(data38.length > 100){
const err87 = {instancePath:instancePath+"/proxy/hosts",schemaPath:"#/properties/proxy/properties/hosts/maxItems",keyword:"maxItems",params:{limit: 100},message:"must NOT have more than 100 items",schema:100,parentSchema:schema11.properties.proxy.properties.hosts,data:data38};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
const len9 = data38.length;
for(let i14=0; i14<len9; i14++){
let data39 = data38[i14];
if(typeof data39 === "string"){
if(func3(data39) > 253){
const err88 = {instancePath:instancePath+"/proxy/hosts/" + i14,schemaPath:"#/definitions/hostname/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema43,data:data39};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
if(!pattern19.test(data39)){
const err89 = {instancePath:instancePath+"/proxy/hosts/" + i14,schemaPath:"#/definitions/hostname/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$",parentSchema:schema43,data:data39};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
else {
const err90 = {instancePath:instancePath+"/proxy/hosts/" + i14,schemaPath:"#/definitions/hostname/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema43.type,parentSchema:schema43,data:data39};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
let i15 = data38.length;
let j5;
if(i15 > 1){
outer3:
for(;i15--;){
for(j5 = i15; j5--;){
if(func0(data38[i15], data38[j5])){
const err91 = {instancePath:instancePath+"/proxy/hosts",schemaPath:"#/properties/proxy/properties/hosts/uniqueItems",keyword:"uniqueItems",params:{i: i15, j: j5},message:"must NOT have duplicate items (items ## "+j5+" and "+i15+" are identical)",schema:true,parentSchema:schema11.properties.proxy.properties.hosts,data:data38};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
break outer3;
}
}
}
}
}
else {
const err92 = {instancePath:instancePath+"/proxy/hosts",schemaPath:"#/properties/proxy/properties/hosts/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.proxy.properties.hosts.type,parentSchema:schema11.properties.proxy.properties.hosts,data:data38};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
if(data34.path !== undefined){
let data40 = data34.path;
if(typeof data40 === "string"){
if(func3(data40) > 1000){
const err93 = {instancePath:instancePath+"/proxy/path",schemaPath:"#/properties/proxy/properties/path/maxLength",keyword:"maxLength",params:{limit: 1000},message:"must NOT have more than 1000 characters",schema:1000,parentSchema:schema11.properties.proxy.properties.path,data:data40};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
if(!pattern20.test(data40)){
const err94 = {instancePath:instancePath+"/proxy/path",schemaPath:"#/properties/proxy/properties/path/pattern",keyword:"pattern",params:{pattern: "^(?!.*/\\.{1,2}(/|$))/([A-Za-z0-9._~-]+/)*[A-Za-z0-9._~-]*$"},message:"must match pattern \""+"^(?!.*/\\.{1,2}(/|$))/([A-Za-z0-9._~-]+/)*[A-Za-z0-9._~-]*$"+"\"",schema:"^(?!.*/\\.{1,2}(/|$))/([A-Za-z0-9._~-]+/)*[A-Za-z0-9._~-]*$",parentSchema:schema11.properties.proxy.properties.path,data:data40};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
else {
const err95 = {instancePath:instancePath+"/proxy/path",schemaPath:"#/properties/proxy/properties/path/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.proxy.properties.path.type,parentSchema:schema11.properties.proxy.properties.path,data:data40};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
if(data34.redirect !== undefined){
let data41 = data34.redirect;
if(!(data41 === "https")){
const err96 = {instancePath:instancePath+"/proxy/redirect",schemaPath:"#/properties/proxy/properties/redirect/enum",keyword:"enum",params:{allowedValues: schema11.properties.proxy.properties.redirect.enum},message:"must be equal to one of the allowed values",schema:schema11.properties.proxy.properties.redirect.enum,parentSchema:schema11.properties.proxy.properties.redirect,data:data41};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
if(data34.hsts !== undefined){
let data42 = data34.hsts;
if(!(((typeof data42 == "number") && (!(data42 % 1) && !isNaN(data42))) && (isFinite(data42)))){
const err97 = {instancePath:instancePath+"/proxy/hsts",schemaPath:"#/properties/proxy/properties/hsts/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema11.properties.proxy.properties.hsts.type,parentSchema:schema11.properties.proxy.properties.hsts,data:data42};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
if((typeof data42 == "number") && (isFinite(data42))){
if(data42 > 63072000 || isNaN(data42)){
const err98 = {instancePath:instancePath+"/proxy/hsts",schemaPath:"#/properties/proxy/properties/hsts/maximum",keyword:"maximum",params:{comparison: "<=", limit: 63072000},message:"must be <= 63072000",schema:63072000,parentSchema:schema11.properties.proxy.properties.hsts,data:data42};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
if(data42 < 0 || isNaN(data42)){
const err99 = {instancePath:instancePath+"/proxy/hsts",schemaPath:"#/properties/proxy/properties/hsts/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema11.properties.proxy.properties.hsts,data:data42};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
}
}
else {
const err100 = {instancePath:instancePath+"/proxy",schemaPath:"#/properties/proxy/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.proxy.type,parentSchema:schema11.properties.proxy,data:data34};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
if(data.alerts !== undefined){
let data43 = data.alerts;
if(data43 && typeof data43 == "object" && !Array.isArray(data43)){
for(const key6 in data43){
if(!((key6 === "errors") || (key6 === "seconds"))){
const err101 = {instancePath:instancePath+"/alerts",schemaPath:"#/properties/alerts/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.alerts,data:data43};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
if(data43.errors !== undefined){
let data44 = data43.errors;
if((!((typeof data44 == "number") && (isFinite(data44)))) && (typeof data44 !== "boolean")){
const err102 = {instancePath:instancePath+"/alerts/errors",schemaPath:"#/properties/alerts/properties/errors/type",keyword:"type",params:{type: schema11.properties.alerts.properties.errors.type},message:"must be number,boolean",schema:schema11.properties.alerts.properties.errors.type,parentSchema:schema11.properties.alerts.properties.errors,data:data44};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
const _errs107 = errors;
const _errs108 = errors;
if(true !== data44){
const err103 = {};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
var valid47 = _errs108 === errors;
if(valid47){
const err104 = {instancePath:instancePath+"/alerts/errors",schemaPath:"#/properties/alerts/properties/errors/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema11.properties.alerts.properties.errors.not,parentSchema:schema11.properties.alerts.properties.errors,data:data44};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
else {
errors = _errs107;
if(vErrors !== null){
if(_errs107){
vErrors.length = _errs107;
}
else {
vErrors = null;
}
}
}
if((typeof data44 == "number") && (isFinite(data44))){
if(data44 >= 1 || isNaN(data44)){
const err105 = {instancePath:instancePath+"/alerts/errors",schemaPath:"#/properties/alerts/properties/errors/exclusiveMaximum",keyword:"exclusiveMaximum",params:{comparison: "<", limit: 1},message:"must be < 1",schema:1,parentSchema:schema11.properties.alerts.properties.errors,data:data44};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
if(data44 <= 0 || isNaN(data44)){
const err106 = {instancePath:instancePath+"/alerts/errors",schemaPath:"#/properties/alerts/properties/errors/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0",schema:0,parentSchema:schema11.properties.alerts.properties.errors,data:data44};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
}
}
if(data43.seconds !== undefined){
let data45 = data43.seconds;
if((!((typeof data45 == "number") && (isFinite(data45)))) && (typeof data45 !== "boolean")){
const err107 = {instancePath:instancePath+"/alerts/seconds",schemaPath:"#/properties/alerts/properties/seconds/type",keyword:"type",params:{type: schema11.properties.alerts.properties.seconds.type},message:"must be number,boolean",schema:schema11.properties.alerts.properties.seconds.type,parentSchema:schema11.properties.alerts.properties.seconds,data:data45};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
const _errs111 = errors;
const _errs112 = errors;
if(true !== data45){
const err108 = {};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
var valid48 = _errs112 === errors;
if(valid48){
const err109 = {instancePath:instancePath+"/alerts/seconds",schemaPath:"#/properties/alerts/properties/seconds/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema11.properties.alerts.properties.seconds.not,parentSchema:schema11.properties.alerts.properties.seconds,data:data45};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
else {
errors = _errs111;
if(vErrors !== null){
if(_errs111){
vErrors.length = _errs111;
}
else {
vErrors = null;
}
}
}
if((typeof data45 == "number") && (isFinite(data45))){
if(data45 >= 10 || isNaN(data45)){
const err110 = {instancePath:instancePath+"/alerts/seconds",schemaPath:"#/properties/alerts/properties/seconds/exclusiveMaximum",keyword:"exclusiveMaximum",params:{comparison: "<", limit: 10},message:"must be < 10",schema:10,parentSchema:schema11.properties.alerts.properties.seconds,data:data45};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
if(data45 <= 0 || isNaN(data45)){
const err111 = {instancePath:instancePath+"/alerts/seconds",schemaPath:"#/properties/alerts/properties/seconds/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0",schema:0,parentSchema:schema11.properties.alerts.properties.seconds,data:data45};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
}
}
else {
const err112 = {instancePath:instancePath+"/alerts",schemaPath:"#/properties/alerts/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.alerts.type,parentSchema:schema11.properties.alerts,data:data43};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
}
if(data.sidecars !== undefined){
let data46 = data.sidecars;
if(Array.isArray(data46)){
const len10 = data46.length;
for(let i16=0; i16<len10; i16++){
let data47 = data46[i16];
if(data47 && typeof data47 == "object" && !Array.isArray(data47)){
if(data47.name === undefined){
const err113 = {instancePath:instancePath+"/sidecars/" + i16,schemaPath:"#/properties/sidecars/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema11.properties.sidecars.items.required,parentSchema:schema11.properties.sidecars.items,data:data47};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
if(data47.command === undefined){
const err114 = {instancePath:instancePath+"/sidecars/" + i16,schemaPath:"#/properties/sidecars/items/required",keyword:"required",params:{missingProperty: "command"},message:"must have required property '"+"command"+"'",schema:schema11.properties.sidecars.items.required,parentSchema:schema11.properties.sidecars.items,data:data47};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
for(const key7 in data47){
if(!((((key7 === "name") || (key7 === "command")) || (key7 === "env")) || (key7 === "resources"))){
const err115 = {instancePath:instancePath+"/sidecars/" + i16,schemaPath:"#/properties/sidecars/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties",schema:false,parentSchema:schema11.properties.sidecars.items,data:data47};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
}
if(data47.name !== undefined){
let data48 = data47.name;
if(typeof data48 === "string"){
if(func3(data48) > 63){
const err116 = {instancePath:instancePath+"/sidecars/" + i16+"/name",schemaPath:"#/definitions/label/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema28,data:data48};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
if(!pattern7.test(data48)){
const err117 = {instancePath:instancePath+"/sidecars/" + i16+"/name",schemaPath:"#/definitions/label/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",parentSchema:schema28,data:data48};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
}
else {
const err118 = {instancePath:instancePath+"/sidecars/" + i16+"/name",schemaPath:"#/definitions/label/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema28.type,parentSchema:schema28,data:data48};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
}
if(data47.command !== undefined){
let data49 = data47.command;
if(Array.isArray(data49)){
if(data49.length < 1){
const err119 = {instancePath:instancePath+"/sidecars/" + i16+"/command",schemaPath:"#/definitions/command/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema18,data:data49};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
const len11 = data49.length;
for(let i17=0; i17<len11; i17++){
let data50 = data49[i17];
if(typeof data50 !== "string"){
const err120 = {instancePath:instancePath+"/sidecars/" + i16+"/command/" + i17,schemaPath:"#/definitions/command/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema18.items.type,parentSchema:schema18.items,data:data50};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
}
}
else {
const err121 = {instancePath:instancePath+"/sidecars/" + i16+"/command",schemaPath:"#/definitions/command/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema18.type,parentSchema:schema18,data:data49};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
}
if(data47.env !== undefined){
if(!(validate21(data47.env, {instancePath:instancePath+"/sidecars/" + i16+"/env",parentData:data47,parentDataProperty:"env",rootData}))){
vErrors = vErrors === null ? validate21.errors : vErrors.concat(validate21.errors);
errors = vErrors.length;
}
}
if(data47.resources !== undefined){
if(!(validate19(data47.resources, {instancePath:instancePath+"/sidecars/" + i16+"/resources",parentData:data47,parentDataProperty:"resources",rootData}))){
vErrors = vErrors === null ? validate19.errors : vErrors.concat(validate19.errors);
errors = vErrors.length;
}
}
}
else {
const err122 = {instancePath:instancePath+"/sidecars/" + i16,schemaPath:"#/properties/sidecars/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.sidecars.items.type,parentSchema:schema11.properties.sidecars.items,data:data47};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
}
}
else {
const err123 = {instancePath:instancePath+"/sidecars",schemaPath:"#/properties/sidecars/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.sidecars.type,parentSchema:schema11.properties.sidecars,data:data46};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
if(data.apiAccess !== undefined){
let data53 = data.apiAccess;
if(typeof data53 !== "boolean"){
const err124 = {instancePath:instancePath+"/apiAccess",schemaPath:"#/properties/apiAccess/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema11.properties.apiAccess.type,parentSchema:schema11.properties.apiAccess,data:data53};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
}
if(data.apiReader !== undefined){
let data54 = data.apiReader;
if(Array.isArray(data54)){
if(data54.length < 1){
const err125 = {instancePath:instancePath+"/apiReader",schemaPath:"#/definitions/command/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema18,data:data54};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
const len12 = data54.length;
for(let i18=0; i18<len12; i18++){
let data55 = data54[i18];
if(typeof data55 !== "string"){
const err126 = {instancePath:instancePath+"/apiReader/" + i18,schemaPath:"#/definitions/command/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema18.items.type,parentSchema:schema18.items,data:data55};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
}
else {
const err127 = {instancePath:instancePath+"/apiReader",schemaPath:"#/definitions/command/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema18.type,parentSchema:schema18,data:data54};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
}
if(data.taskRole !== undefined){
let data56 = data.taskRole;
if(typeof data56 === "string"){
if(!pattern22.test(data56)){
const err128 = {instancePath:instancePath+"/taskRole",schemaPath:"#/properties/taskRole/pattern",keyword:"pattern",params:{pattern: "^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$"},message:"must match pattern \""+"^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$"+"\"",schema:"^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$",parentSchema:schema11.properties.taskRole,data:data56};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
}
else {
const err129 = {instancePath:instancePath+"/taskRole",schemaPath:"#/properties/taskRole/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.taskRole.type,parentSchema:schema11.properties.taskRole,data:data56};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
}
}
else {
const err130 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.type,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}

exports.environment = validate25;
const schema47 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"environment.schema.json","title":"A Berth environment (env.json)","type":"object","additionalProperties":false,"required":["projects"],"properties":{"$schema":{"type":"string","description":"Where editors find this schema."},"orchestrator":{"description":"What runs the services.","type":"string","enum":["kubernetes","swarm","ecs"],"default":"kubernetes"},"cluster":{"description":"The cluster: a folder below deploy/clusters.","expected":"the name of a folder below deploy/clusters","type":"string","pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$","default":"local"},"domain":{"description":"Public services answer at <service>-<environment>.<domain>. The plugin's option `domain` when absent.","expected":"a domain name, for example example.com","type":"string","maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$"},"projects":{"description":"Which services belong to it: Nx project selectors, for example pricing, tag:scope:demo or !blotter.","expected":"a list of one or more Nx project selectors, for example [\"tag:scope:demo\"]","type":"array","minItems":1,"items":{"type":"string","minLength":1,"expected":"an Nx project selector, for example tag:scope:demo"}},"services":{"description":"By service name: what differs here from service.json. Merged deeply; arrays are replaced, null takes a field away.","type":"object","default":{},"additionalProperties":{"type":"object","expected":"an object with fields of service.json"}},"protected":{"description":"Deployed only when named, never by `nx affected -t deploy`, and never removed when it is old.","expected":"true or false","type":"boolean","default":false},"ttl":{"description":"Removed when its last deploy is this old: a number with s, m, h, d or w. null: stays until it is destroyed.","expected":"null, or a number with s, m, h, d or w, for example 3d","type":["string","null"],"pattern":"^[1-9][0-9]{0,5}[smhdw]$","default":null},"podSecurity":{"description":"Kubernetes: the Pod Security Standard that the namespace enforces. Berth's own pods meet restricted, but for host ports, which only privileged allows.","type":"string","enum":["restricted","baseline","privileged"],"default":"restricted"}}};
const pattern25 = new RegExp("^[1-9][0-9]{0,5}[smhdw]$", "u");

function validate25(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="environment.schema.json" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.projects === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "projects"},message:"must have required property '"+"projects"+"'",schema:schema47.required,parentSchema:schema47,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema47.properties, key0))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema47,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.$schema !== undefined){
let data0 = data.$schema;
if(typeof data0 !== "string"){
const err2 = {instancePath:instancePath+"/$schema",schemaPath:"#/properties/%24schema/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema47.properties.$schema.type,parentSchema:schema47.properties.$schema,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.orchestrator !== undefined){
let data1 = data.orchestrator;
if(typeof data1 !== "string"){
const err3 = {instancePath:instancePath+"/orchestrator",schemaPath:"#/properties/orchestrator/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema47.properties.orchestrator.type,parentSchema:schema47.properties.orchestrator,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(!(((data1 === "kubernetes") || (data1 === "swarm")) || (data1 === "ecs"))){
const err4 = {instancePath:instancePath+"/orchestrator",schemaPath:"#/properties/orchestrator/enum",keyword:"enum",params:{allowedValues: schema47.properties.orchestrator.enum},message:"must be equal to one of the allowed values",schema:schema47.properties.orchestrator.enum,parentSchema:schema47.properties.orchestrator,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.cluster !== undefined){
let data2 = data.cluster;
if(typeof data2 === "string"){
if(!pattern7.test(data2)){
const err5 = {instancePath:instancePath+"/cluster",schemaPath:"#/properties/cluster/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",parentSchema:schema47.properties.cluster,data:data2};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/cluster",schemaPath:"#/properties/cluster/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema47.properties.cluster.type,parentSchema:schema47.properties.cluster,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.domain !== undefined){
let data3 = data.domain;
if(typeof data3 === "string"){
if(func3(data3) > 253){
const err7 = {instancePath:instancePath+"/domain",schemaPath:"#/properties/domain/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema47.properties.domain,data:data3};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!pattern19.test(data3)){
const err8 = {instancePath:instancePath+"/domain",schemaPath:"#/properties/domain/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$",parentSchema:schema47.properties.domain,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/domain",schemaPath:"#/properties/domain/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema47.properties.domain.type,parentSchema:schema47.properties.domain,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.projects !== undefined){
let data4 = data.projects;
if(Array.isArray(data4)){
if(data4.length < 1){
const err10 = {instancePath:instancePath+"/projects",schemaPath:"#/properties/projects/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema47.properties.projects,data:data4};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
let data5 = data4[i0];
if(typeof data5 === "string"){
if(func3(data5) < 1){
const err11 = {instancePath:instancePath+"/projects/" + i0,schemaPath:"#/properties/projects/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema47.properties.projects.items,data:data5};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/projects/" + i0,schemaPath:"#/properties/projects/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema47.properties.projects.items.type,parentSchema:schema47.properties.projects.items,data:data5};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
}
else {
const err13 = {instancePath:instancePath+"/projects",schemaPath:"#/properties/projects/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema47.properties.projects.type,parentSchema:schema47.properties.projects,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.services !== undefined){
let data6 = data.services;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
for(const key1 in data6){
let data7 = data6[key1];
if(!(data7 && typeof data7 == "object" && !Array.isArray(data7))){
const err14 = {instancePath:instancePath+"/services/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/services/additionalProperties/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema47.properties.services.additionalProperties.type,parentSchema:schema47.properties.services.additionalProperties,data:data7};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
}
else {
const err15 = {instancePath:instancePath+"/services",schemaPath:"#/properties/services/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema47.properties.services.type,parentSchema:schema47.properties.services,data:data6};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.protected !== undefined){
let data8 = data.protected;
if(typeof data8 !== "boolean"){
const err16 = {instancePath:instancePath+"/protected",schemaPath:"#/properties/protected/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema47.properties.protected.type,parentSchema:schema47.properties.protected,data:data8};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.ttl !== undefined){
let data9 = data.ttl;
if((typeof data9 !== "string") && (data9 !== null)){
const err17 = {instancePath:instancePath+"/ttl",schemaPath:"#/properties/ttl/type",keyword:"type",params:{type: schema47.properties.ttl.type},message:"must be string,null",schema:schema47.properties.ttl.type,parentSchema:schema47.properties.ttl,data:data9};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(typeof data9 === "string"){
if(!pattern25.test(data9)){
const err18 = {instancePath:instancePath+"/ttl",schemaPath:"#/properties/ttl/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,5}[smhdw]$"},message:"must match pattern \""+"^[1-9][0-9]{0,5}[smhdw]$"+"\"",schema:"^[1-9][0-9]{0,5}[smhdw]$",parentSchema:schema47.properties.ttl,data:data9};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
}
if(data.podSecurity !== undefined){
let data10 = data.podSecurity;
if(typeof data10 !== "string"){
const err19 = {instancePath:instancePath+"/podSecurity",schemaPath:"#/properties/podSecurity/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema47.properties.podSecurity.type,parentSchema:schema47.properties.podSecurity,data:data10};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(!(((data10 === "restricted") || (data10 === "baseline")) || (data10 === "privileged"))){
const err20 = {instancePath:instancePath+"/podSecurity",schemaPath:"#/properties/podSecurity/enum",keyword:"enum",params:{allowedValues: schema47.properties.podSecurity.enum},message:"must be equal to one of the allowed values",schema:schema47.properties.podSecurity.enum,parentSchema:schema47.properties.podSecurity,data:data10};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema47.type,parentSchema:schema47,data};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
validate25.errors = vErrors;
return errors === 0;
}

exports.cluster = validate26;
const schema48 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"cluster.schema.json","title":"A Berth cluster (cluster.json)","type":"object","additionalProperties":false,"required":["provider"],"properties":{"$schema":{"type":"string","description":"Where editors find this schema."},"provider":{"description":"What makes the cluster; existing: it is there already, and Berth only uses it.","type":"string","enum":["bare-metal","gke","eks","existing"]},"kubeconfig":{"description":"The cluster's kubeconfig file: relative to the workspace, or absolute. deploy/clusters/<name>/kubeconfig when absent.","expected":"the path of a file","type":"string","minLength":1},"context":{"description":"The context of that file. Every call names it; the shell's current context is never used. berth-<name> when absent.","expected":"the name of a context","type":"string","minLength":1},"docker":{"description":"For environments on Swarm: where dockerd of a manager answers. Every call names it; DOCKER_HOST and docker's contexts are never used.","expected":"an address of dockerd, for example unix:///var/run/docker.sock or tcp://10.0.0.5:2376","type":"string","pattern":"^(unix:///.+|tcp://[^/]+|ssh://[^/]+)$"},"exposure":{"description":"How ports that a service opens to the outside (nodePort in its service.json, as the gateway's 80 and 443) are opened here: by a load balancer of the cluster's provider, at ports of every node, or at ports of the nodes that run its pods. load-balancer for gke and eks when absent, else node-ports.","type":"string","enum":["load-balancer","node-ports","host-ports"]},"nodePorts":{"description":"node-ports: the port of every node that stands for a port of service.json, for example { \"80\": 30080 }. When absent, 80 is 30080 and 443 is 30443; on bare-metal every port stands for itself.","expected":"an object of port numbers","type":"object","propertyNames":{"expected":"a port number, for example \"80\"","pattern":"^[1-9][0-9]{0,4}$"},"additionalProperties":{"expected":"a port number from 1 to 65535","type":"integer","minimum":1,"maximum":65535}},"front":{"description":"The address of what leads the ports of service.json to the nodes: the port mapping of kind or k3d (127.0.0.1), a router, a load balancer of one's own. Then addresses have these ports, and DNS records lead there; without it both go by what the cluster itself says.","expected":"an IP address or a host name, without a port","type":"string","pattern":"^[A-Za-z0-9:]([A-Za-z0-9.:-]*[A-Za-z0-9])?$"},"ecs":{"description":"For environments on ECS: the account, and where in it environments are.","type":"object","additionalProperties":false,"required":["account","region","cluster","vpc","subnets"],"properties":{"account":{"description":"The AWS account. Credentials of another one are refused.","expected":"the 12 digits of an AWS account","type":"string","pattern":"^[0-9]{12}$"},"region":{"description":"Every call names it; AWS_REGION is never used.","expected":"an AWS region, for example eu-west-1","type":"string","pattern":"^[a-z]{2}(-[a-z]+)+-[0-9]$"},"profile":{"description":"The profile of ~/.aws/config whose credentials are used. The shell's own are never used.","expected":"the name of a profile","type":"string","minLength":1},"credentials":{"description":"In place of a profile: environment takes the credentials that the process was given, as pipelines have them.","enum":["environment"]},"role":{"description":"A role that these credentials take on.","expected":"the ARN of a role, for example arn:aws:iam::123456789012:role/deploy","type":"string","pattern":"^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$"},"cluster":{"description":"The ECS cluster, which is there already.","expected":"the name of an ECS cluster","type":"string","pattern":"^[a-zA-Z0-9_-]{1,255}$"},"vpc":{"expected":"the id of a VPC","type":"string","pattern":"^vpc-[0-9a-f]+$"},"subnets":{"description":"Where tasks run.","$ref":"#/definitions/subnets"},"assignPublicIp":{"description":"Whether tasks get public addresses, as they need in subnets without a NAT gateway. fargate only.","expected":"true or false","type":"boolean","default":false},"capacity":{"description":"What tasks run on.","enum":["fargate","ec2"],"default":"fargate"},"capacityProvider":{"description":"ec2: the cluster's capacity provider that tasks are placed by.","expected":"the name of a capacity provider","type":"string","pattern":"^[a-zA-Z0-9_-]{1,255}$"},"architecture":{"description":"The processors that images are built for.","enum":["x86_64","arm64"],"default":"x86_64"},"loadBalancer":{"description":"What leads to public services: subnets make a load balancer for each environment, listener adds rules to one that is there. Without it nothing can be public.","type":"object","additionalProperties":false,"properties":{"subnets":{"description":"Where an environment's own load balancer is: two at least.","$ref":"#/definitions/subnets"},"certificate":{"description":"For HTTPS on an environment's own load balancer: a certificate for *.<domain>.","expected":"the ARN of a certificate of ACM","type":"string","pattern":"^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$"},"internal":{"description":"Whether an environment's own load balancer answers inside the VPC only.","expected":"true or false","type":"boolean"},"listener":{"description":"A listener that environments share.","expected":"the ARN of a listener of an application load balancer","type":"string","pattern":"^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:listener/app/.+$"},"securityGroup":{"description":"The security group of the load balancer whose listener is shared: from it tasks may be reached.","expected":"the id of a security group","type":"string","pattern":"^sg-[0-9a-f]+$"},"tls":{"description":"Whether the shared listener speaks HTTPS.","expected":"true or false","type":"boolean"}}},"privateNames":{"description":"Names by which the environment admin reaches the public services of the others: <service>.<environment>.<domain>. Without it nothing leads from one environment into another.","type":"object","additionalProperties":false,"required":["domain","securityGroup"],"properties":{"domain":{"description":"Each environment gets a zone below it in the VPC, which hides whatever else has that name from all that is in there.","expected":"a domain name of two labels or more, for example desk.internal","type":"string","maxLength":128,"pattern":"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$"},"securityGroup":{"description":"A security group of the VPC, which is there already: tasks of admin are in it, and tasks of the others let it in.","expected":"the id of a security group","type":"string","pattern":"^sg-[0-9a-f]+$"}}},"busybox":{"description":"An image with wget, nc, tail and chown, such as busybox: it stands beside tasks for what ECS cannot do, questions over HTTP and TCP and folders that are writable.","expected":"an image reference with a tag or digest","type":"string","pattern":"^[a-z0-9][a-zA-Z0-9._/-]*(:[0-9]+/[a-zA-Z0-9._/-]+)?(:[a-zA-Z0-9._-]+)?(@sha256:[a-f0-9]{64})?$"},"logDays":{"description":"Days for which log lines are kept.","enum":[1,3,5,7,14,30,60,90,120,150,180,365,400,545,731,1096,1827,2192,2557,2922,3288,3653],"default":30},"templateBucket":{"description":"A bucket of S3 in the same account and region, for templates that are too long for a request of CloudFormation. Each lies there only while CloudFormation reads it.","expected":"the name of a bucket, without dots","type":"string","pattern":"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"},"endpoint":{"description":"For tests: an address that stands in for all of AWS.","expected":"an address, for example http://127.0.0.1:5000","type":"string","pattern":"^https?://[^/]+$"}}},"hosts":{"description":"bare-metal: the machines; localhost is this one. The first runs the control plane.","type":"array","uniqueItems":true,"items":{"expected":"a host name or IP address, with a user in front of @ where needed","type":"string","pattern":"^([a-z_][a-z0-9_-]*@)?[A-Za-z0-9:]([A-Za-z0-9.:-]*[A-Za-z0-9])?$"}},"project":{"description":"gke: the id of the Google Cloud project.","expected":"a project's id: 6 to 30 lower-case letters, digits and hyphens, a letter first","type":"string","pattern":"^[a-z][a-z0-9-]{4,28}[a-z0-9]$"},"zone":{"description":"gke: the zone of the cluster, for example europe-west1-b; or else region.","expected":"a zone, for example europe-west1-b","type":"string","pattern":"^[a-z]+-[a-z]+[0-9]+-[a-z]$"},"region":{"description":"gke: the region of a cluster with nodes in several zones, for example europe-west1; numbers of nodes are then those of each zone. eks: the region, for example eu-central-1.","expected":"a region, for example europe-west1 on Google Cloud or eu-central-1 on AWS","type":"string","pattern":"^[a-z]+(-[a-z]+)+-?[0-9]+$"},"machineType":{"description":"gke: the machine type of the nodes. e2-standard-4 when absent.","expected":"a machine type, for example e2-standard-4","type":"string","pattern":"^[a-z][a-z0-9-]*$"},"machineTypes":{"description":"eks: the instance types that nodes may have, the first one preferred. t3.large when absent.","type":"array","minItems":1,"maxItems":20,"uniqueItems":true,"items":{"expected":"an instance type, for example t3.large","type":"string","pattern":"^[a-z][a-z0-9-]*\\.[a-z0-9-]+$"}},"nodes":{"description":"gke, eks: how many nodes a new cluster begins with. 3 when absent.","expected":"a whole number from 0 to 15000","type":"integer","minimum":0,"maximum":15000},"minNodes":{"description":"gke, eks: the fewest nodes to which the autoscaler goes; with maxNodes.","expected":"a whole number from 0 to 15000","type":"integer","minimum":0,"maximum":15000},"maxNodes":{"description":"gke, eks: the most nodes to which the autoscaler goes; with minNodes.","expected":"a whole number from 0 to 15000","type":"integer","minimum":0,"maximum":15000},"autopilot":{"description":"gke: Google runs the nodes (Autopilot), in a region; there are no machine types and numbers of nodes.","type":"boolean"},"releaseChannel":{"description":"gke: how soon the cluster gets new versions of Kubernetes. regular when absent.","type":"string","enum":["rapid","regular","stable","extended"]},"dockerHubMirror":{"description":"gke: makes a repository in Artifact Registry that fetches from Docker Hub what is asked of it and keeps it.","type":"boolean"},"gcloud":{"description":"gke: image: gcloud runs from the image of docker/gcloud, with sign-ins of its own; path: the gcloud that is in PATH, with its sign-in. image when absent.","type":"string","enum":["image","path"]},"profile":{"description":"eks: the profile of ~/.aws/config that has the credentials; the AWS SDK's own choice when absent.","expected":"the name of a profile","type":"string","minLength":1},"version":{"description":"eks: the version of Kubernetes, for example 1.33; AWS's choice for new clusters when absent.","expected":"a version of Kubernetes, for example \"1.33\"","type":"string","pattern":"^1\\.[0-9]+$"},"subnets":{"description":"eks: the subnets of the cluster, in two zones or more; a VPC of its own is made when absent.","type":"array","minItems":2,"uniqueItems":true,"items":{"expected":"the id of a subnet, for example subnet-0a1b2c3d","type":"string","pattern":"^subnet-[0-9a-f]+$"}}},"definitions":{"subnets":{"expected":"a list of ids of subnets","type":"array","minItems":1,"uniqueItems":true,"items":{"expected":"the id of a subnet","type":"string","pattern":"^subnet-[0-9a-f]+$"}}}};
const schema49 = {"expected":"a list of ids of subnets","type":"array","minItems":1,"uniqueItems":true,"items":{"expected":"the id of a subnet","type":"string","pattern":"^subnet-[0-9a-f]+$"}};
const pattern26 = new RegExp("^(unix:///.+|tcp://[^/]+|ssh://[^/]+)$", "u");
const pattern27 = new RegExp("^[1-9][0-9]{0,4}$", "u");
const pattern28 = new RegExp("^[A-Za-z0-9:]([A-Za-z0-9.:-]*[A-Za-z0-9])?$", "u");
const pattern29 = new RegExp("^[0-9]{12}$", "u");
const pattern30 = new RegExp("^[a-z]{2}(-[a-z]+)+-[0-9]$", "u");
const pattern32 = new RegExp("^[a-zA-Z0-9_-]{1,255}$", "u");
const pattern33 = new RegExp("^vpc-[0-9a-f]+$", "u");
const pattern34 = new RegExp("^subnet-[0-9a-f]+$", "u");
const pattern37 = new RegExp("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$", "u");
const pattern38 = new RegExp("^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:listener/app/.+$", "u");
const pattern39 = new RegExp("^sg-[0-9a-f]+$", "u");
const pattern40 = new RegExp("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$", "u");
const pattern42 = new RegExp("^[a-z0-9][a-zA-Z0-9._/-]*(:[0-9]+/[a-zA-Z0-9._/-]+)?(:[a-zA-Z0-9._-]+)?(@sha256:[a-f0-9]{64})?$", "u");
const pattern43 = new RegExp("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", "u");
const pattern44 = new RegExp("^https?://[^/]+$", "u");
const pattern45 = new RegExp("^([a-z_][a-z0-9_-]*@)?[A-Za-z0-9:]([A-Za-z0-9.:-]*[A-Za-z0-9])?$", "u");
const pattern46 = new RegExp("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", "u");
const pattern47 = new RegExp("^[a-z]+-[a-z]+[0-9]+-[a-z]$", "u");
const pattern48 = new RegExp("^[a-z]+(-[a-z]+)+-?[0-9]+$", "u");
const pattern49 = new RegExp("^[a-z][a-z0-9-]*$", "u");
const pattern50 = new RegExp("^[a-z][a-z0-9-]*\\.[a-z0-9-]+$", "u");
const pattern51 = new RegExp("^1\\.[0-9]+$", "u");

function validate26(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="cluster.schema.json" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.provider === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "provider"},message:"must have required property '"+"provider"+"'",schema:schema48.required,parentSchema:schema48,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema48.properties, key0))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema48,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.$schema !== undefined){
let data0 = data.$schema;
if(typeof data0 !== "string"){
const err2 = {instancePath:instancePath+"/$schema",schemaPath:"#/properties/%24schema/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.$schema.type,parentSchema:schema48.properties.$schema,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.provider !== undefined){
let data1 = data.provider;
if(typeof data1 !== "string"){
const err3 = {instancePath:instancePath+"/provider",schemaPath:"#/properties/provider/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.provider.type,parentSchema:schema48.properties.provider,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(!((((data1 === "bare-metal") || (data1 === "gke")) || (data1 === "eks")) || (data1 === "existing"))){
const err4 = {instancePath:instancePath+"/provider",schemaPath:"#/properties/provider/enum",keyword:"enum",params:{allowedValues: schema48.properties.provider.enum},message:"must be equal to one of the allowed values",schema:schema48.properties.provider.enum,parentSchema:schema48.properties.provider,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.kubeconfig !== undefined){
let data2 = data.kubeconfig;
if(typeof data2 === "string"){
if(func3(data2) < 1){
const err5 = {instancePath:instancePath+"/kubeconfig",schemaPath:"#/properties/kubeconfig/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema48.properties.kubeconfig,data:data2};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/kubeconfig",schemaPath:"#/properties/kubeconfig/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.kubeconfig.type,parentSchema:schema48.properties.kubeconfig,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.context !== undefined){
let data3 = data.context;
if(typeof data3 === "string"){
if(func3(data3) < 1){
const err7 = {instancePath:instancePath+"/context",schemaPath:"#/properties/context/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema48.properties.context,data:data3};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/context",schemaPath:"#/properties/context/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.context.type,parentSchema:schema48.properties.context,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.docker !== undefined){
let data4 = data.docker;
if(typeof data4 === "string"){
if(!pattern26.test(data4)){
const err9 = {instancePath:instancePath+"/docker",schemaPath:"#/properties/docker/pattern",keyword:"pattern",params:{pattern: "^(unix:///.+|tcp://[^/]+|ssh://[^/]+)$"},message:"must match pattern \""+"^(unix:///.+|tcp://[^/]+|ssh://[^/]+)$"+"\"",schema:"^(unix:///.+|tcp://[^/]+|ssh://[^/]+)$",parentSchema:schema48.properties.docker,data:data4};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/docker",schemaPath:"#/properties/docker/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.docker.type,parentSchema:schema48.properties.docker,data:data4};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.exposure !== undefined){
let data5 = data.exposure;
if(typeof data5 !== "string"){
const err11 = {instancePath:instancePath+"/exposure",schemaPath:"#/properties/exposure/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.exposure.type,parentSchema:schema48.properties.exposure,data:data5};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(!(((data5 === "load-balancer") || (data5 === "node-ports")) || (data5 === "host-ports"))){
const err12 = {instancePath:instancePath+"/exposure",schemaPath:"#/properties/exposure/enum",keyword:"enum",params:{allowedValues: schema48.properties.exposure.enum},message:"must be equal to one of the allowed values",schema:schema48.properties.exposure.enum,parentSchema:schema48.properties.exposure,data:data5};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.nodePorts !== undefined){
let data6 = data.nodePorts;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
for(const key1 in data6){
const _errs16 = errors;
if(typeof key1 === "string"){
if(!pattern27.test(key1)){
const err13 = {instancePath:instancePath+"/nodePorts",schemaPath:"#/properties/nodePorts/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,4}$"},message:"must match pattern \""+"^[1-9][0-9]{0,4}$"+"\"",schema:"^[1-9][0-9]{0,4}$",parentSchema:schema48.properties.nodePorts.propertyNames,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
var valid1 = _errs16 === errors;
if(!valid1){
const err14 = {instancePath:instancePath+"/nodePorts",schemaPath:"#/properties/nodePorts/propertyNames",keyword:"propertyNames",params:{propertyName: key1},message:"property name must be valid",schema:schema48.properties.nodePorts.propertyNames,parentSchema:schema48.properties.nodePorts,data:data6};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
for(const key2 in data6){
let data7 = data6[key2];
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
const err15 = {instancePath:instancePath+"/nodePorts/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/nodePorts/additionalProperties/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema48.properties.nodePorts.additionalProperties.type,parentSchema:schema48.properties.nodePorts.additionalProperties,data:data7};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 > 65535 || isNaN(data7)){
const err16 = {instancePath:instancePath+"/nodePorts/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/nodePorts/additionalProperties/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema48.properties.nodePorts.additionalProperties,data:data7};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(data7 < 1 || isNaN(data7)){
const err17 = {instancePath:instancePath+"/nodePorts/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/nodePorts/additionalProperties/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema48.properties.nodePorts.additionalProperties,data:data7};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
}
}
else {
const err18 = {instancePath:instancePath+"/nodePorts",schemaPath:"#/properties/nodePorts/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema48.properties.nodePorts.type,parentSchema:schema48.properties.nodePorts,data:data6};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.front !== undefined){
let data8 = data.front;
if(typeof data8 === "string"){
if(!pattern28.test(data8)){
const err19 = {instancePath:instancePath+"/front",schemaPath:"#/properties/front/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9:]([A-Za-z0-9.:-]*[A-Za-z0-9])?$"},message:"must match pattern \""+"^[A-Za-z0-9:]([A-Za-z0-9.:-]*[A-Za-z0-9])?$"+"\"",schema:"^[A-Za-z0-9:]([A-Za-z0-9.:-]*[A-Za-z0-9])?$",parentSchema:schema48.properties.front,data:data8};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/front",schemaPath:"#/properties/front/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.front.type,parentSchema:schema48.properties.front,data:data8};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.ecs !== undefined){
let data9 = data.ecs;
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
if(data9.account === undefined){
const err21 = {instancePath:instancePath+"/ecs",schemaPath:"#/properties/ecs/required",keyword:"required",params:{missingProperty: "account"},message:"must have required property '"+"account"+"'",schema:schema48.properties.ecs.required,parentSchema:schema48.properties.ecs,data:data9};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(data9.region === undefined){
const err22 = {instancePath:instancePath+"/ecs",schemaPath:"#/properties/ecs/required",keyword:"required",params:{missingProperty: "region"},message:"must have required property '"+"region"+"'",schema:schema48.properties.ecs.required,parentSchema:schema48.properties.ecs,data:data9};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(data9.cluster === undefined){
const err23 = {instancePath:instancePath+"/ecs",schemaPath:"#/properties/ecs/required",keyword:"required",params:{missingProperty: "cluster"},message:"must have required property '"+"cluster"+"'",schema:schema48.properties.ecs.required,parentSchema:schema48.properties.ecs,data:data9};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if(data9.vpc === undefined){
const err24 = {instancePath:instancePath+"/ecs",schemaPath:"#/properties/ecs/required",keyword:"required",params:{missingProperty: "vpc"},message:"must have required property '"+"vpc"+"'",schema:schema48.properties.ecs.required,parentSchema:schema48.properties.ecs,data:data9};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(data9.subnets === undefined){
const err25 = {instancePath:instancePath+"/ecs",schemaPath:"#/properties/ecs/required",keyword:"required",params:{missingProperty: "subnets"},message:"must have required property '"+"subnets"+"'",schema:schema48.properties.ecs.required,parentSchema:schema48.properties.ecs,data:data9};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
for(const key3 in data9){
if(!(func2.call(schema48.properties.ecs.properties, key3))){
const err26 = {instancePath:instancePath+"/ecs",schemaPath:"#/properties/ecs/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties",schema:false,parentSchema:schema48.properties.ecs,data:data9};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data9.account !== undefined){
let data10 = data9.account;
if(typeof data10 === "string"){
if(!pattern29.test(data10)){
const err27 = {instancePath:instancePath+"/ecs/account",schemaPath:"#/properties/ecs/properties/account/pattern",keyword:"pattern",params:{pattern: "^[0-9]{12}$"},message:"must match pattern \""+"^[0-9]{12}$"+"\"",schema:"^[0-9]{12}$",parentSchema:schema48.properties.ecs.properties.account,data:data10};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
else {
const err28 = {instancePath:instancePath+"/ecs/account",schemaPath:"#/properties/ecs/properties/account/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.ecs.properties.account.type,parentSchema:schema48.properties.ecs.properties.account,data:data10};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data9.region !== undefined){
let data11 = data9.region;
if(typeof data11 === "string"){
if(!pattern30.test(data11)){
const err29 = {instancePath:instancePath+"/ecs/region",schemaPath:"#/properties/ecs/properties/region/pattern",keyword:"pattern",params:{pattern: "^[a-z]{2}(-[a-z]+)+-[0-9]$"},message:"must match pattern \""+"^[a-z]{2}(-[a-z]+)+-[0-9]$"+"\"",schema:"^[a-z]{2}(-[a-z]+)+-[0-9]$",parentSchema:schema48.properties.ecs.properties.region,data:data11};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
else {
const err30 = {instancePath:instancePath+"/ecs/region",schemaPath:"#/properties/ecs/properties/region/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.ecs.properties.region.type,parentSchema:schema48.properties.ecs.properties.region,data:data11};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data9.profile !== undefined){
let data12 = data9.profile;
if(typeof data12 === "string"){
if(func3(data12) < 1){
const err31 = {instancePath:instancePath+"/ecs/profile",schemaPath:"#/properties/ecs/properties/profile/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema48.properties.ecs.properties.profile,data:data12};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
else {
const err32 = {instancePath:instancePath+"/ecs/profile",schemaPath:"#/properties/ecs/properties/profile/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.ecs.properties.profile.type,parentSchema:schema48.properties.ecs.properties.profile,data:data12};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
if(data9.credentials !== undefined){
let data13 = data9.credentials;
if(!(data13 === "environment")){
const err33 = {instancePath:instancePath+"/ecs/credentials",schemaPath:"#/properties/ecs/properties/credentials/enum",keyword:"enum",params:{allowedValues: schema48.properties.ecs.properties.credentials.enum},message:"must be equal to one of the allowed values",schema:schema48.properties.ecs.properties.credentials.enum,parentSchema:schema48.properties.ecs.properties.credentials,data:data13};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data9.role !== undefined){
let data14 = data9.role;
if(typeof data14 === "string"){
if(!pattern22.test(data14)){
const err34 = {instancePath:instancePath+"/ecs/role",schemaPath:"#/properties/ecs/properties/role/pattern",keyword:"pattern",params:{pattern: "^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$"},message:"must match pattern \""+"^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$"+"\"",schema:"^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$",parentSchema:schema48.properties.ecs.properties.role,data:data14};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
else {
const err35 = {instancePath:instancePath+"/ecs/role",schemaPath:"#/properties/ecs/properties/role/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.ecs.properties.role.type,parentSchema:schema48.properties.ecs.properties.role,data:data14};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
if(data9.cluster !== undefined){
let data15 = data9.cluster;
if(typeof data15 === "string"){
if(!pattern32.test(data15)){
const err36 = {instancePath:instancePath+"/ecs/cluster",schemaPath:"#/properties/ecs/properties/cluster/pattern",keyword:"pattern",params:{pattern: "^[a-zA-Z0-9_-]{1,255}$"},message:"must match pattern \""+"^[a-zA-Z0-9_-]{1,255}$"+"\"",schema:"^[a-zA-Z0-9_-]{1,255}$",parentSchema:schema48.properties.ecs.properties.cluster,data:data15};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
else {
const err37 = {instancePath:instancePath+"/ecs/cluster",schemaPath:"#/properties/ecs/properties/cluster/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.ecs.properties.cluster.type,parentSchema:schema48.properties.ecs.properties.cluster,data:data15};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
if(data9.vpc !== undefined){
let data16 = data9.vpc;
if(typeof data16 === "string"){
if(!pattern33.test(data16)){
const err38 = {instancePath:instancePath+"/ecs/vpc",schemaPath:"#/properties/ecs/properties/vpc/pattern",keyword:"pattern",params:{pattern: "^vpc-[0-9a-f]+$"},message:"must match pattern \""+"^vpc-[0-9a-f]+$"+"\"",schema:"^vpc-[0-9a-f]+$",parentSchema:schema48.properties.ecs.properties.vpc,data:data16};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
else {
const err39 = {instancePath:instancePath+"/ecs/vpc",schemaPath:"#/properties/ecs/properties/vpc/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.ecs.properties.vpc.type,parentSchema:schema48.properties.ecs.properties.vpc,data:data16};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
if(data9.subnets !== undefined){
let data17 = data9.subnets;
if(Array.isArray(data17)){
if(data17.length < 1){
const err40 = {instancePath:instancePath+"/ecs/subnets",schemaPath:"#/definitions/subnets/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema49,data:data17};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
const len0 = data17.length;
for(let i0=0; i0<len0; i0++){
let data18 = data17[i0];
if(typeof data18 === "string"){
if(!pattern34.test(data18)){
const err41 = {instancePath:instancePath+"/ecs/subnets/" + i0,schemaPath:"#/definitions/subnets/items/pattern",keyword:"pattern",params:{pattern: "^subnet-[0-9a-f]+$"},message:"must match pattern \""+"^subnet-[0-9a-f]+$"+"\"",schema:"^subnet-[0-9a-f]+$",parentSchema:schema49.items,data:data18};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
else {
const err42 = {instancePath:instancePath+"/ecs/subnets/" + i0,schemaPath:"#/definitions/subnets/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema49.items.type,parentSchema:schema49.items,data:data18};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
let i1 = data17.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data17[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err43 = {instancePath:instancePath+"/ecs/subnets",schemaPath:"#/definitions/subnets/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i1+" are identical)",schema:true,parentSchema:schema49,data:data17};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err44 = {instancePath:instancePath+"/ecs/subnets",schemaPath:"#/definitions/subnets/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema49.type,parentSchema:schema49,data:data17};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
if(data9.assignPublicIp !== undefined){
let data19 = data9.assignPublicIp;
if(typeof data19 !== "boolean"){
const err45 = {instancePath:instancePath+"/ecs/assignPublicIp",schemaPath:"#/properties/ecs/properties/assignPublicIp/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema48.properties.ecs.properties.assignPublicIp.type,parentSchema:schema48.properties.ecs.properties.assignPublicIp,data:data19};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
if(data9.capacity !== undefined){
let data20 = data9.capacity;
if(!((data20 === "fargate") || (data20 === "ec2"))){
const err46 = {instancePath:instancePath+"/ecs/capacity",schemaPath:"#/properties/ecs/properties/capacity/enum",keyword:"enum",params:{allowedValues: schema48.properties.ecs.properties.capacity.enum},message:"must be equal to one of the allowed values",schema:schema48.properties.ecs.properties.capacity.enum,parentSchema:schema48.properties.ecs.properties.capacity,data:data20};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data9.capacityProvider !== undefined){
let data21 = data9.capacityProvider;
if(typeof data21 === "string"){
if(!pattern32.test(data21)){
const err47 = {instancePath:instancePath+"/ecs/capacityProvider",schemaPath:"#/properties/ecs/properties/capacityProvider/pattern",keyword:"pattern",params:{pattern: "^[a-zA-Z0-9_-]{1,255}$"},message:"must match pattern \""+"^[a-zA-Z0-9_-]{1,255}$"+"\"",schema:"^[a-zA-Z0-9_-]{1,255}$",parentSchema:schema48.properties.ecs.properties.capacityProvider,data:data21};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
else {
const err48 = {instancePath:instancePath+"/ecs/capacityProvider",schemaPath:"#/properties/ecs/properties/capacityProvider/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.ecs.properties.capacityProvider.type,parentSchema:schema48.properties.ecs.properties.capacityProvider,data:data21};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data9.architecture !== undefined){
let data22 = data9.architecture;
if(!((data22 === "x86_64") || (data22 === "arm64"))){
const err49 = {instancePath:instancePath+"/ecs/architecture",schemaPath:"#/properties/ecs/properties/architecture/enum",keyword:"enum",params:{allowedValues: schema48.properties.ecs.properties.architecture.enum},message:"must be equal to one of the allowed values",schema:schema48.properties.ecs.properties.architecture.enum,parentSchema:schema48.properties.ecs.properties.architecture,data:data22};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
if(data9.loadBalancer !== undefined){
let data23 = data9.loadBalancer;
if(data23 && typeof data23 == "object" && !Array.isArray(data23)){
for(const key4 in data23){
if(!((((((key4 === "subnets") || (key4 === "certificate")) || (key4 === "internal")) || (key4 === "listener")) || (key4 === "securityGroup")) || (key4 === "tls"))){
const err50 = {instancePath:instancePath+"/ecs/loadBalancer",schemaPath:"#/properties/ecs/properties/loadBalancer/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties",schema:false,parentSchema:schema48.properties.ecs.properties.loadBalancer,data:data23};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
if(data23.subnets !== undefined){
let data24 = data23.subnets;
if(Array.isArray(data24)){
if(data24.length < 1){
const err51 = {instancePath:instancePath+"/ecs/loadBalancer/subnets",schemaPath:"#/definitions/subnets/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema49,data:data24};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
const len1 = data24.length;
for(let i2=0; i2<len1; i2++){
let data25 = data24[i2];
if(typeof data25 === "string"){
if(!pattern34.test(data25)){
const err52 = {instancePath:instancePath+"/ecs/loadBalancer/subnets/" + i2,schemaPath:"#/definitions/subnets/items/pattern",keyword:"pattern",params:{pattern: "^subnet-[0-9a-f]+$"},message:"must match pattern \""+"^subnet-[0-9a-f]+$"+"\"",schema:"^subnet-[0-9a-f]+$",parentSchema:schema49.items,data:data25};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
else {
const err53 = {instancePath:instancePath+"/ecs/loadBalancer/subnets/" + i2,schemaPath:"#/definitions/subnets/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema49.items.type,parentSchema:schema49.items,data:data25};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
let i3 = data24.length;
let j1;
if(i3 > 1){
const indices1 = {};
for(;i3--;){
let item1 = data24[i3];
if(typeof item1 !== "string"){
continue;
}
if(typeof indices1[item1] == "number"){
j1 = indices1[item1];
const err54 = {instancePath:instancePath+"/ecs/loadBalancer/subnets",schemaPath:"#/definitions/subnets/uniqueItems",keyword:"uniqueItems",params:{i: i3, j: j1},message:"must NOT have duplicate items (items ## "+j1+" and "+i3+" are identical)",schema:true,parentSchema:schema49,data:data24};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
break;
}
indices1[item1] = i3;
}
}
}
else {
const err55 = {instancePath:instancePath+"/ecs/loadBalancer/subnets",schemaPath:"#/definitions/subnets/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema49.type,parentSchema:schema49,data:data24};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
if(data23.certificate !== undefined){
let data26 = data23.certificate;
if(typeof data26 === "string"){
if(!pattern37.test(data26)){
const err56 = {instancePath:instancePath+"/ecs/loadBalancer/certificate",schemaPath:"#/properties/ecs/properties/loadBalancer/properties/certificate/pattern",keyword:"pattern",params:{pattern: "^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$"},message:"must match pattern \""+"^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$"+"\"",schema:"^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$",parentSchema:schema48.properties.ecs.properties.loadBalancer.properties.certificate,data:data26};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
else {
const err57 = {instancePath:instancePath+"/ecs/loadBalancer/certificate",schemaPath:"#/properties/ecs/properties/loadBalancer/properties/certificate/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.ecs.properties.loadBalancer.properties.certificate.type,parentSchema:schema48.properties.ecs.properties.loadBalancer.properties.certificate,data:data26};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
if(data23.internal !== undefined){
let data27 = data23.internal;
if(typeof data27 !== "boolean"){
const err58 = {instancePath:instancePath+"/ecs/loadBalancer/internal",schemaPath:"#/properties/ecs/properties/loadBalancer/properties/internal/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema48.properties.ecs.properties.loadBalancer.properties.internal.type,parentSchema:schema48.properties.ecs.properties.loadBalancer.properties.internal,data:data27};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
if(data23.listener !== undefined){
let data28 = data23.listener;
if(typeof data28 === "string"){
if(!pattern38.test(data28)){
const err59 = {instancePath:instancePath+"/ecs/loadBalancer/listener",schemaPath:"#/properties/ecs/properties/loadBalancer/properties/listener/pattern",keyword:"pattern",params:{pattern: "^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:listener/app/.+$"},message:"must match pattern \""+"^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:listener/app/.+$"+"\"",schema:"^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:listener/app/.+$",parentSchema:schema48.properties.ecs.properties.loadBalancer.properties.listener,data:data28};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
else {
const err60 = {instancePath:instancePath+"/ecs/loadBalancer/listener",schemaPath:"#/properties/ecs/properties/loadBalancer/properties/listener/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.ecs.properties.loadBalancer.properties.listener.type,parentSchema:schema48.properties.ecs.properties.loadBalancer.properties.listener,data:data28};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
if(data23.securityGroup !== undefined){
let data29 = data23.securityGroup;
if(typeof data29 === "string"){
if(!pattern39.test(data29)){
const err61 = {instancePath:instancePath+"/ecs/loadBalancer/securityGroup",schemaPath:"#/properties/ecs/properties/loadBalancer/properties/securityGroup/pattern",keyword:"pattern",params:{pattern: "^sg-[0-9a-f]+$"},message:"must match pattern \""+"^sg-[0-9a-f]+$"+"\"",schema:"^sg-[0-9a-f]+$",parentSchema:schema48.properties.ecs.properties.loadBalancer.properties.securityGroup,data:data29};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
else {
const err62 = {instancePath:instancePath+"/ecs/loadBalancer/securityGroup",schemaPath:"#/properties/ecs/properties/loadBalancer/properties/securityGroup/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.ecs.properties.loadBalancer.properties.securityGroup.type,parentSchema:schema48.properties.ecs.properties.loadBalancer.properties.securityGroup,data:data29};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
if(data23.tls !== undefined){
let data30 = data23.tls;
if(typeof data30 !== "boolean"){
const err63 = {instancePath:instancePath+"/ecs/loadBalancer/tls",schemaPath:"#/properties/ecs/properties/loadBalancer/properties/tls/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema48.properties.ecs.properties.loadBalancer.properties.tls.type,parentSchema:schema48.properties.ecs.properties.loadBalancer.properties.tls,data:data30};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
}
else {
const err64 = {instancePath:instancePath+"/ecs/loadBalancer",schemaPath:"#/properties/ecs/properties/loadBalancer/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema48.properties.ecs.properties.loadBalancer.type,parentSchema:schema48.properties.ecs.properties.loadBalancer,data:data23};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
if(data9.privateNames !== undefined){
let data31 = data9.privateNames;
if(data31 && typeof data31 == "object" && !Array.isArray(data31)){
if(data31.domain === undefined){
const err65 = {instancePath:instancePath+"/ecs/privateNames",schemaPath:"#/properties/ecs/properties/privateNames/required",keyword:"required",params:{missingProperty: "domain"},message:"must have required property '"+"domain"+"'",schema:schema48.properties.ecs.properties.privateNames.required,parentSchema:schema48.properties.ecs.properties.privateNames,data:data31};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
if(data31.securityGroup === undefined){
const err66 = {instancePath:instancePath+"/ecs/privateNames",schemaPath:"#/properties/ecs/properties/privateNames/required",keyword:"required",params:{missingProperty: "securityGroup"},message:"must have required property '"+"securityGroup"+"'",schema:schema48.properties.ecs.properties.privateNames.required,parentSchema:schema48.properties.ecs.properties.privateNames,data:data31};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
for(const key5 in data31){
if(!((key5 === "domain") || (key5 === "securityGroup"))){
const err67 = {instancePath:instancePath+"/ecs/privateNames",schemaPath:"#/properties/ecs/properties/privateNames/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties",schema:false,parentSchema:schema48.properties.ecs.properties.privateNames,data:data31};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
if(data31.domain !== undefined){
let data32 = data31.domain;
if(typeof data32 === "string"){
if(func3(data32) > 128){
const err68 = {instancePath:instancePath+"/ecs/privateNames/domain",schemaPath:"#/properties/ecs/properties/privateNames/properties/domain/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters",schema:128,parentSchema:schema48.properties.ecs.properties.privateNames.properties.domain,data:data32};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
if(!pattern40.test(data32)){
const err69 = {instancePath:instancePath+"/ecs/privateNames/domain",schemaPath:"#/properties/ecs/properties/privateNames/properties/domain/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$"+"\"",schema:"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$",parentSchema:schema48.properties.ecs.properties.privateNames.properties.domain,data:data32};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
else {
const err70 = {instancePath:instancePath+"/ecs/privateNames/domain",schemaPath:"#/properties/ecs/properties/privateNames/properties/domain/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.ecs.properties.privateNames.properties.domain.type,parentSchema:schema48.properties.ecs.properties.privateNames.properties.domain,data:data32};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
if(data31.securityGroup !== undefined){
let data33 = data31.securityGroup;
if(typeof data33 === "string"){
if(!pattern39.test(data33)){
const err71 = {instancePath:instancePath+"/ecs/privateNames/securityGroup",schemaPath:"#/properties/ecs/properties/privateNames/properties/securityGroup/pattern",keyword:"pattern",params:{pattern: "^sg-[0-9a-f]+$"},message:"must match pattern \""+"^sg-[0-9a-f]+$"+"\"",schema:"^sg-[0-9a-f]+$",parentSchema:schema48.properties.ecs.properties.privateNames.properties.securityGroup,data:data33};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
else {
const err72 = {instancePath:instancePath+"/ecs/privateNames/securityGroup",schemaPath:"#/properties/ecs/properties/privateNames/properties/securityGroup/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.ecs.properties.privateNames.properties.securityGroup.type,parentSchema:schema48.properties.ecs.properties.privateNames.properties.securityGroup,data:data33};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
}
else {
const err73 = {instancePath:instancePath+"/ecs/privateNames",schemaPath:"#/properties/ecs/properties/privateNames/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema48.properties.ecs.properties.privateNames.type,parentSchema:schema48.properties.ecs.properties.privateNames,data:data31};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
if(data9.busybox !== undefined){
let data34 = data9.busybox;
if(typeof data34 === "string"){
if(!pattern42.test(data34)){
const err74 = {instancePath:instancePath+"/ecs/busybox",schemaPath:"#/properties/ecs/properties/busybox/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-zA-Z0-9._/-]*(:[0-9]+/[a-zA-Z0-9._/-]+)?(:[a-zA-Z0-9._-]+)?(@sha256:[a-f0-9]{64})?$"},message:"must match pattern \""+"^[a-z0-9][a-zA-Z0-9._/-]*(:[0-9]+/[a-zA-Z0-9._/-]+)?(:[a-zA-Z0-9._-]+)?(@sha256:[a-f0-9]{64})?$"+"\"",schema:"^[a-z0-9][a-zA-Z0-9._/-]*(:[0-9]+/[a-zA-Z0-9._/-]+)?(:[a-zA-Z0-9._-]+)?(@sha256:[a-f0-9]{64})?$",parentSchema:schema48.properties.ecs.properties.busybox,data:data34};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
else {
const err75 = {instancePath:instancePath+"/ecs/busybox",schemaPath:"#/properties/ecs/properties/busybox/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.ecs.properties.busybox.type,parentSchema:schema48.properties.ecs.properties.busybox,data:data34};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
if(data9.logDays !== undefined){
let data35 = data9.logDays;
if(!((((((((((((((((((((((data35 === 1) || (data35 === 3)) || (data35 === 5)) || (data35 === 7)) || (data35 === 14)) || (data35 === 30)) || (data35 === 60)) || (data35 === 90)) || (data35 === 120)) || (data35 === 150)) || (data35 === 180)) || (data35 === 365)) || (data35 === 400)) || (data35 === 545)) || (data35 === 731)) || (data35 === 1096)) || (data35 === 1827)) || (data35 === 2192)) || (data35 === 2557)) || (data35 === 2922)) || (data35 === 3288)) || (data35 === 3653))){
const err76 = {instancePath:instancePath+"/ecs/logDays",schemaPath:"#/properties/ecs/properties/logDays/enum",keyword:"enum",params:{allowedValues: schema48.properties.ecs.properties.logDays.enum},message:"must be equal to one of the allowed values",schema:schema48.properties.ecs.properties.logDays.enum,parentSchema:schema48.properties.ecs.properties.logDays,data:data35};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
if(data9.templateBucket !== undefined){
let data36 = data9.templateBucket;
if(typeof data36 === "string"){
if(!pattern43.test(data36)){
const err77 = {instancePath:instancePath+"/ecs/templateBucket",schemaPath:"#/properties/ecs/properties/templateBucket/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"+"\"",schema:"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$",parentSchema:schema48.properties.ecs.properties.templateBucket,data:data36};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
else {
const err78 = {instancePath:instancePath+"/ecs/templateBucket",schemaPath:"#/properties/ecs/properties/templateBucket/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.ecs.properties.templateBucket.type,parentSchema:schema48.properties.ecs.properties.templateBucket,data:data36};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
if(data9.endpoint !== undefined){
let data37 = data9.endpoint;
if(typeof data37 === "string"){
if(!pattern44.test(data37)){
const err79 = {instancePath:instancePath+"/ecs/endpoint",schemaPath:"#/properties/ecs/properties/endpoint/pattern",keyword:"pattern",params:{pattern: "^https?://[^/]+$"},message:"must match pattern \""+"^https?://[^/]+$"+"\"",schema:"^https?://[^/]+$",parentSchema:schema48.properties.ecs.properties.endpoint,data:data37};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
else {
const err80 = {instancePath:instancePath+"/ecs/endpoint",schemaPath:"#/properties/ecs/properties/endpoint/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.ecs.properties.endpoint.type,parentSchema:schema48.properties.ecs.properties.endpoint,data:data37};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
}
else {
const err81 = {instancePath:instancePath+"/ecs",schemaPath:"#/properties/ecs/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema48.properties.ecs.type,parentSchema:schema48.properties.ecs,data:data9};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
if(data.hosts !== undefined){
let data38 = data.hosts;
if(Array.isArray(data38)){
const len2 = data38.length;
for(let i4=0; i4<len2; i4++){
let data39 = data38[i4];
if(typeof data39 === "string"){
if(!pattern45.test(data39)){
const err82 = {instancePath:instancePath+"/hosts/" + i4,schemaPath:"#/properties/hosts/items/pattern",keyword:"pattern",params:{pattern: "^([a-z_][a-z0-9_-]*@)?[A-Za-z0-9:]([A-Za-z0-9.:-]*[A-Za-z0-9])?$"},message:"must match pattern \""+"^([a-z_][a-z0-9_-]*@)?[A-Za-z0-9:]([A-Za-z0-9.:-]*[A-Za-z0-9])?$"+"\"",schema:"^([a-z_][a-z0-9_-]*@)?[A-Za-z0-9:]([A-Za-z0-9.:-]*[A-Za-z0-9])?$",parentSchema:schema48.properties.hosts.items,data:data39};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
else {
const err83 = {instancePath:instancePath+"/hosts/" + i4,schemaPath:"#/properties/hosts/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.hosts.items.type,parentSchema:schema48.properties.hosts.items,data:data39};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
let i5 = data38.length;
let j2;
if(i5 > 1){
const indices2 = {};
for(;i5--;){
let item2 = data38[i5];
if(typeof item2 !== "string"){
continue;
}
if(typeof indices2[item2] == "number"){
j2 = indices2[item2];
const err84 = {instancePath:instancePath+"/hosts",schemaPath:"#/properties/hosts/uniqueItems",keyword:"uniqueItems",params:{i: i5, j: j2},message:"must NOT have duplicate items (items ## "+j2+" and "+i5+" are identical)",schema:true,parentSchema:schema48.properties.hosts,data:data38};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
break;
}
indices2[item2] = i5;
}
}
}
else {
const err85 = {instancePath:instancePath+"/hosts",schemaPath:"#/properties/hosts/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema48.properties.hosts.type,parentSchema:schema48.properties.hosts,data:data38};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
if(data.project !== undefined){
let data40 = data.project;
if(typeof data40 === "string"){
if(!pattern46.test(data40)){
const err86 = {instancePath:instancePath+"/project",schemaPath:"#/properties/project/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{4,28}[a-z0-9]$"},message:"must match pattern \""+"^[a-z][a-z0-9-]{4,28}[a-z0-9]$"+"\"",schema:"^[a-z][a-z0-9-]{4,28}[a-z0-9]$",parentSchema:schema48.properties.project,data:data40};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
else {
const err87 = {instancePath:instancePath+"/project",schemaPath:"#/properties/project/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.project.type,parentSchema:schema48.properties.project,data:data40};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
if(data.zone !== undefined){
let data41 = data.zone;
if(typeof data41 === "string"){
if(!pattern47.test(data41)){
const err88 = {instancePath:instancePath+"/zone",schemaPath:"#/properties/zone/pattern",keyword:"pattern",params:{pattern: "^[a-z]+-[a-z]+[0-9]+-[a-z]$"},message:"must match pattern \""+"^[a-z]+-[a-z]+[0-9]+-[a-z]$"+"\"",schema:"^[a-z]+-[a-z]+[0-9]+-[a-z]$",parentSchema:schema48.properties.zone,data:data41};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
else {
const err89 = {instancePath:instancePath+"/zone",schemaPath:"#/properties/zone/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.zone.type,parentSchema:schema48.properties.zone,data:data41};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
if(data.region !== undefined){
let data42 = data.region;
if(typeof data42 === "string"){
if(!pattern48.test(data42)){
const err90 = {instancePath:instancePath+"/region",schemaPath:"#/properties/region/pattern",keyword:"pattern",params:{pattern: "^[a-z]+(-[a-z]+)+-?[0-9]+$"},message:"must match pattern \""+"^[a-z]+(-[a-z]+)+-?[0-9]+$"+"\"",schema:"^[a-z]+(-[a-z]+)+-?[0-9]+$",parentSchema:schema48.properties.region,data:data42};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
else {
const err91 = {instancePath:instancePath+"/region",schemaPath:"#/properties/region/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.region.type,parentSchema:schema48.properties.region,data:data42};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
if(data.machineType !== undefined){
let data43 = data.machineType;
if(typeof data43 === "string"){
if(!pattern49.test(data43)){
const err92 = {instancePath:instancePath+"/machineType",schemaPath:"#/properties/machineType/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]*$"},message:"must match pattern \""+"^[a-z][a-z0-9-]*$"+"\"",schema:"^[a-z][a-z0-9-]*$",parentSchema:schema48.properties.machineType,data:data43};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
else {
const err93 = {instancePath:instancePath+"/machineType",schemaPath:"#/properties/machineType/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.machineType.type,parentSchema:schema48.properties.machineType,data:data43};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
if(data.machineTypes !== undefined){
let data44 = data.machineTypes;
if(Array.isArray(data44)){
if(data44.length > 20){
const err94 = {instancePath:instancePath+"/machineTypes",schemaPath:"#/properties/machineTypes/maxItems",keyword:"maxItems",params:{limit: 20},message:"must NOT have more than 20 items",schema:20,parentSchema:schema48.properties.machineTypes,data:data44};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
if(data44.length < 1){
const err95 = {instancePath:instancePath+"/machineTypes",schemaPath:"#/properties/machineTypes/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema48.properties.machineTypes,data:data44};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
const len3 = data44.length;
for(let i6=0; i6<len3; i6++){
let data45 = data44[i6];
if(typeof data45 === "string"){
if(!pattern50.test(data45)){
const err96 = {instancePath:instancePath+"/machineTypes/" + i6,schemaPath:"#/properties/machineTypes/items/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]*\\.[a-z0-9-]+$"},message:"must match pattern \""+"^[a-z][a-z0-9-]*\\.[a-z0-9-]+$"+"\"",schema:"^[a-z][a-z0-9-]*\\.[a-z0-9-]+$",parentSchema:schema48.properties.machineTypes.items,data:data45};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
else {
const err97 = {instancePath:instancePath+"/machineTypes/" + i6,schemaPath:"#/properties/machineTypes/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.machineTypes.items.type,parentSchema:schema48.properties.machineTypes.items,data:data45};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
let i7 = data44.length;
let j3;
if(i7 > 1){
const indices3 = {};
for(;i7--;){
let item3 = data44[i7];
if(typeof item3 !== "string"){
continue;
}
if(typeof indices3[item3] == "number"){
j3 = indices3[item3];
const err98 = {instancePath:instancePath+"/machineTypes",schemaPath:"#/properties/machineTypes/uniqueItems",keyword:"uniqueItems",params:{i: i7, j: j3},message:"must NOT have duplicate items (items ## "+j3+" and "+i7+" are identical)",schema:true,parentSchema:schema48.properties.machineTypes,data:data44};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
break;
}
indices3[item3] = i7;
}
}
}
else {
const err99 = {instancePath:instancePath+"/machineTypes",schemaPath:"#/properties/machineTypes/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema48.properties.machineTypes.type,parentSchema:schema48.properties.machineTypes,data:data44};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
if(data.nodes !== undefined){
let data46 = data.nodes;
if(!(((typeof data46 == "number") && (!(data46 % 1) && !isNaN(data46))) && (isFinite(data46)))){
const err100 = {instancePath:instancePath+"/nodes",schemaPath:"#/properties/nodes/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema48.properties.nodes.type,parentSchema:schema48.properties.nodes,data:data46};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
if((typeof data46 == "number") && (isFinite(data46))){
if(data46 > 15000 || isNaN(data46)){
const err101 = {instancePath:instancePath+"/nodes",schemaPath:"#/properties/nodes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 15000},message:"must be <= 15000",schema:15000,parentSchema:schema48.properties.nodes,data:data46};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
if(data46 < 0 || isNaN(data46)){
const err102 = {instancePath:instancePath+"/nodes",schemaPath:"#/properties/nodes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema48.properties.nodes,data:data46};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
}
}
if(data.minNodes !== undefined){
let data47 = data.minNodes;
if(!(((typeof data47 == "number") && (!(data47 % 1) && !isNaN(data47))) && (isFinite(data47)))){
const err103 = {instancePath:instancePath+"/minNodes",schemaPath:"#/properties/minNodes/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema48.properties.minNodes.type,parentSchema:schema48.properties.minNodes,data:data47};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
if((typeof data47 == "number") && (isFinite(data47))){
if(data47 > 15000 || isNaN(data47)){
const err104 = {instancePath:instancePath+"/minNodes",schemaPath:"#/properties/minNodes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 15000},message:"must be <= 15000",schema:15000,parentSchema:schema48.properties.minNodes,data:data47};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
if(data47 < 0 || isNaN(data47)){
const err105 = {instancePath:instancePath+"/minNodes",schemaPath:"#/properties/minNodes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema48.properties.minNodes,data:data47};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
}
if(data.maxNodes !== undefined){
let data48 = data.maxNodes;
if(!(((typeof data48 == "number") && (!(data48 % 1) && !isNaN(data48))) && (isFinite(data48)))){
const err106 = {instancePath:instancePath+"/maxNodes",schemaPath:"#/properties/maxNodes/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema48.properties.maxNodes.type,parentSchema:schema48.properties.maxNodes,data:data48};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
if((typeof data48 == "number") && (isFinite(data48))){
if(data48 > 15000 || isNaN(data48)){
const err107 = {instancePath:instancePath+"/maxNodes",schemaPath:"#/properties/maxNodes/maximum",keyword:"maximum",params:{comparison: "<=", limit: 15000},message:"must be <= 15000",schema:15000,parentSchema:schema48.properties.maxNodes,data:data48};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
if(data48 < 0 || isNaN(data48)){
const err108 = {instancePath:instancePath+"/maxNodes",schemaPath:"#/properties/maxNodes/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema48.properties.maxNodes,data:data48};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
}
if(data.autopilot !== undefined){
let data49 = data.autopilot;
if(typeof data49 !== "boolean"){
const err109 = {instancePath:instancePath+"/autopilot",schemaPath:"#/properties/autopilot/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema48.properties.autopilot.type,parentSchema:schema48.properties.autopilot,data:data49};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
if(data.releaseChannel !== undefined){
let data50 = data.releaseChannel;
if(typeof data50 !== "string"){
const err110 = {instancePath:instancePath+"/releaseChannel",schemaPath:"#/properties/releaseChannel/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.releaseChannel.type,parentSchema:schema48.properties.releaseChannel,data:data50};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
if(!((((data50 === "rapid") || (data50 === "regular")) || (data50 === "stable")) || (data50 === "extended"))){
const err111 = {instancePath:instancePath+"/releaseChannel",schemaPath:"#/properties/releaseChannel/enum",keyword:"enum",params:{allowedValues: schema48.properties.releaseChannel.enum},message:"must be equal to one of the allowed values",schema:schema48.properties.releaseChannel.enum,parentSchema:schema48.properties.releaseChannel,data:data50};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
if(data.dockerHubMirror !== undefined){
let data51 = data.dockerHubMirror;
if(typeof data51 !== "boolean"){
const err112 = {instancePath:instancePath+"/dockerHubMirror",schemaPath:"#/properties/dockerHubMirror/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema48.properties.dockerHubMirror.type,parentSchema:schema48.properties.dockerHubMirror,data:data51};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
}
if(data.gcloud !== undefined){
let data52 = data.gcloud;
if(typeof data52 !== "string"){
const err113 = {instancePath:instancePath+"/gcloud",schemaPath:"#/properties/gcloud/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.gcloud.type,parentSchema:schema48.properties.gcloud,data:data52};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
if(!((data52 === "image") || (data52 === "path"))){
const err114 = {instancePath:instancePath+"/gcloud",schemaPath:"#/properties/gcloud/enum",keyword:"enum",params:{allowedValues: schema48.properties.gcloud.enum},message:"must be equal to one of the allowed values",schema:schema48.properties.gcloud.enum,parentSchema:schema48.properties.gcloud,data:data52};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
}
if(data.profile !== undefined){
let data53 = data.profile;
if(typeof data53 === "string"){
if(func3(data53) < 1){
const err115 = {instancePath:instancePath+"/profile",schemaPath:"#/properties/profile/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema48.properties.profile,data:data53};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
}
else {
const err116 = {instancePath:instancePath+"/profile",schemaPath:"#/properties/profile/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.profile.type,parentSchema:schema48.properties.profile,data:data53};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
}
if(data.version !== undefined){
let data54 = data.version;
if(typeof data54 === "string"){
if(!pattern51.test(data54)){
const err117 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/pattern",keyword:"pattern",params:{pattern: "^1\\.[0-9]+$"},message:"must match pattern \""+"^1\\.[0-9]+$"+"\"",schema:"^1\\.[0-9]+$",parentSchema:schema48.properties.version,data:data54};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
}
else {
const err118 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.version.type,parentSchema:schema48.properties.version,data:data54};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
}
if(data.subnets !== undefined){
let data55 = data.subnets;
if(Array.isArray(data55)){
if(data55.length < 2){
const err119 = {instancePath:instancePath+"/subnets",schemaPath:"#/properties/subnets/minItems",keyword:"minItems",params:{limit: 2},message:"must NOT have fewer than 2 items",schema:2,parentSchema:schema48.properties.subnets,data:data55};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
const len4 = data55.length;
for(let i8=0; i8<len4; i8++){
let data56 = data55[i8];
if(typeof data56 === "string"){
if(!pattern34.test(data56)){
const err120 = {instancePath:instancePath+"/subnets/" + i8,schemaPath:"#/properties/subnets/items/pattern",keyword:"pattern",params:{pattern: "^subnet-[0-9a-f]+$"},message:"must match pattern \""+"^subnet-[0-9a-f]+$"+"\"",schema:"^subnet-[0-9a-f]+$",parentSchema:schema48.properties.subnets.items,data:data56};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
}
else {
const err121 = {instancePath:instancePath+"/subnets/" + i8,schemaPath:"#/properties/subnets/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema48.properties.subnets.items.type,parentSchema:schema48.properties.subnets.items,data:data56};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
}
let i9 = data55.length;
let j4;
if(i9 > 1){
const indices4 = {};
for(;i9--;){
let item4 = data55[i9];
if(typeof item4 !== "string"){
continue;
}
if(typeof indices4[item4] == "number"){
j4 = indices4[item4];
const err122 = {instancePath:instancePath+"/subnets",schemaPath:"#/properties/subnets/uniqueItems",keyword:"uniqueItems",params:{i: i9, j: j4},message:"must NOT have duplicate items (items ## "+j4+" and "+i9+" are identical)",schema:true,parentSchema:schema48.properties.subnets,data:data55};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
break;
}
indices4[item4] = i9;
}
}
}
else {
const err123 = {instancePath:instancePath+"/subnets",schemaPath:"#/properties/subnets/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema48.properties.subnets.type,parentSchema:schema48.properties.subnets,data:data55};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
}
else {
const err124 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema48.type,parentSchema:schema48,data};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
validate26.errors = vErrors;
return errors === 0;
}

exports.options = validate27;
const schema51 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"options.schema.json","title":"The options of @berth/nx in nx.json","type":"object","expected":"an object with options of @berth/nx","additionalProperties":false,"properties":{"registry":{"description":"Registry and path in front of a project's name. The grammar is that of github.com/distribution/reference.","expected":"a registry with an optional path, in lower case, for example localhost:5000/berth","type":"string","maxLength":200,"pattern":"^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:[0-9]{1,5})?|[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*|\\[[0-9a-fA-F:]+\\](:[0-9]{1,5})?)(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*/*$","default":"localhost:5000/berth"},"insecureRegistries":{"description":"Registries and token servers that may be spoken to by plain http, beside those on this machine.","expected":"a list of registries, for example [\"registry.example.com:5000\"]","type":"array","uniqueItems":true,"default":[],"items":{"expected":"a host with an optional port, for example registry.example.com:5000","type":"string","maxLength":260,"pattern":"^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|\\[[0-9a-fA-F:]+\\])(:[0-9]{1,5})?$"}},"engine":{"description":"What builds and pushes images.","expected":"the name of an image engine, for example docker","type":"string","minLength":1,"default":"docker"},"domain":{"description":"The domain of environments that name none.","expected":"a domain name, for example example.com","type":"string","maxLength":253,"pattern":"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$","default":"localhost"},"platforms":{"description":"What images are built for; this machine's platform when empty.","expected":"a list of platforms, for example [\"linux/amd64\"]","type":"array","uniqueItems":true,"default":[],"items":{"expected":"os/architecture, for example linux/amd64","type":"string","pattern":"^[a-z0-9]+/[a-z0-9_]+(/[a-z0-9]+)?$"}},"buildCache":{"description":"Repository that keeps the layers of builds for other machines; no such cache when absent.","expected":"a repository without a tag, in lower case, for example localhost:5000/berth/cache","type":"string","maxLength":200,"pattern":"^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:[0-9]{1,5})?|\\[[0-9a-fA-F:]+\\](:[0-9]{1,5})?)(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)+$"},"prometheus":{"description":"What `nx g prometheus` writes and `nx sync` keeps current; nothing when absent.","expected":"an object with settings for Prometheus, for example {}","type":"object","additionalProperties":false,"properties":{"environment":{"description":"The environment of the gateway.","expected":"the name of a folder below deploy/environments","type":"string","pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$","default":"admin"}}},"ci":{"description":"The pipelines that `nx g ci` writes and `nx sync` keeps current.","expected":"an object with the pipelines of this workspace","type":"object","additionalProperties":false,"required":["systems"],"properties":{"systems":{"description":"Which systems have a pipeline.","expected":"a list of circleci, github and gitlab","type":"array","uniqueItems":true,"items":{"type":"string","enum":["circleci","github","gitlab"]}},"environment":{"description":"What the main branch is deployed to. Environments of pull requests are made like it.","expected":"the name of a folder below deploy/environments","type":"string","pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$","default":"staging"},"ttl":{"description":"How long the environment of a pull request stays after its last deploy.","expected":"a number with s, m, h, d or w, for example 3d","type":"string","pattern":"^[1-9][0-9]{0,5}[smhdw]$","default":"3d"},"node":{"description":"The version of Node.","expected":"a version of Node, for example 20 or 20.19.0","type":"string","pattern":"^[1-9][0-9]*(\\.[0-9]+){0,2}$","default":"20"},"runner":{"description":"The label of runners of your own; those of the system when absent.","expected":"a label of your runners, for example self-hosted","type":"string","pattern":"^[A-Za-z0-9][-A-Za-z0-9_./]*$"},"testCommand":{"description":"What checks the workspace, in place of the targets lint and test.","expected":"one line for a shell, for example npm test","type":"string","pattern":"^[^\\r\\n]+$"},"previewCommand":{"description":"Runs before each deploy of a pull request's environment, whose name is in $PREVIEW: makes its secrets.","expected":"one line for a shell, for example ./secrets.sh \"$PREVIEW\"","type":"string","pattern":"^[^\\r\\n]+$"}}}}};
const pattern53 = new RegExp("^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:[0-9]{1,5})?|[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*|\\[[0-9a-fA-F:]+\\](:[0-9]{1,5})?)(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*/*$", "u");
const pattern54 = new RegExp("^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|\\[[0-9a-fA-F:]+\\])(:[0-9]{1,5})?$", "u");
const pattern56 = new RegExp("^[a-z0-9]+/[a-z0-9_]+(/[a-z0-9]+)?$", "u");
const pattern57 = new RegExp("^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:[0-9]{1,5})?|\\[[0-9a-fA-F:]+\\](:[0-9]{1,5})?)(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)+$", "u");
const pattern61 = new RegExp("^[1-9][0-9]*(\\.[0-9]+){0,2}$", "u");
const pattern62 = new RegExp("^[A-Za-z0-9][-A-Za-z0-9_./]*$", "u");
const pattern63 = new RegExp("^[^\\r\\n]+$", "u");

function validate27(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="options.schema.json" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((((((key0 === "registry") || (key0 === "insecureRegistries")) || (key0 === "engine")) || (key0 === "domain")) || (key0 === "platforms")) || (key0 === "buildCache")) || (key0 === "prometheus")) || (key0 === "ci"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema51,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.registry !== undefined){
let data0 = data.registry;
if(typeof data0 === "string"){
if(func3(data0) > 200){
const err1 = {instancePath:instancePath+"/registry",schemaPath:"#/properties/registry/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema51.properties.registry,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(!pattern53.test(data0)){
const err2 = {instancePath:instancePath+"/registry",schemaPath:"#/properties/registry/pattern",keyword:"pattern",params:{pattern: "^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:[0-9]{1,5})?|[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*|\\[[0-9a-fA-F:]+\\](:[0-9]{1,5})?)(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*/*$"},message:"must match pattern \""+"^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:[0-9]{1,5})?|[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*|\\[[0-9a-fA-F:]+\\](:[0-9]{1,5})?)(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*/*$"+"\"",schema:"^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:[0-9]{1,5})?|[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*|\\[[0-9a-fA-F:]+\\](:[0-9]{1,5})?)(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*/*$",parentSchema:schema51.properties.registry,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/registry",schemaPath:"#/properties/registry/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema51.properties.registry.type,parentSchema:schema51.properties.registry,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.insecureRegistries !== undefined){
let data1 = data.insecureRegistries;
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
if(typeof data2 === "string"){
if(func3(data2) > 260){
const err4 = {instancePath:instancePath+"/insecureRegistries/" + i0,schemaPath:"#/properties/insecureRegistries/items/maxLength",keyword:"maxLength",params:{limit: 260},message:"must NOT have more than 260 characters",schema:260,parentSchema:schema51.properties.insecureRegistries.items,data:data2};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(!pattern54.test(data2)){
const err5 = {instancePath:instancePath+"/insecureRegistries/" + i0,schemaPath:"#/properties/insecureRegistries/items/pattern",keyword:"pattern",params:{pattern: "^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|\\[[0-9a-fA-F:]+\\])(:[0-9]{1,5})?$"},message:"must match pattern \""+"^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|\\[[0-9a-fA-F:]+\\])(:[0-9]{1,5})?$"+"\"",schema:"^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?|\\[[0-9a-fA-F:]+\\])(:[0-9]{1,5})?$",parentSchema:schema51.properties.insecureRegistries.items,data:data2};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/insecureRegistries/" + i0,schemaPath:"#/properties/insecureRegistries/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema51.properties.insecureRegistries.items.type,parentSchema:schema51.properties.insecureRegistries.items,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
let i1 = data1.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data1[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err7 = {instancePath:instancePath+"/insecureRegistries",schemaPath:"#/properties/insecureRegistries/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i1+" are identical)",schema:true,parentSchema:schema51.properties.insecureRegistries,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err8 = {instancePath:instancePath+"/insecureRegistries",schemaPath:"#/properties/insecureRegistries/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema51.properties.insecureRegistries.type,parentSchema:schema51.properties.insecureRegistries,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.engine !== undefined){
let data3 = data.engine;
if(typeof data3 === "string"){
if(func3(data3) < 1){
const err9 = {instancePath:instancePath+"/engine",schemaPath:"#/properties/engine/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema51.properties.engine,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/engine",schemaPath:"#/properties/engine/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema51.properties.engine.type,parentSchema:schema51.properties.engine,data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.domain !== undefined){
let data4 = data.domain;
if(typeof data4 === "string"){
if(func3(data4) > 253){
const err11 = {instancePath:instancePath+"/domain",schemaPath:"#/properties/domain/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema51.properties.domain,data:data4};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(!pattern19.test(data4)){
const err12 = {instancePath:instancePath+"/domain",schemaPath:"#/properties/domain/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$"+"\"",schema:"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$",parentSchema:schema51.properties.domain,data:data4};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/domain",schemaPath:"#/properties/domain/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema51.properties.domain.type,parentSchema:schema51.properties.domain,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.platforms !== undefined){
let data5 = data.platforms;
if(Array.isArray(data5)){
const len1 = data5.length;
for(let i2=0; i2<len1; i2++){
let data6 = data5[i2];
if(typeof data6 === "string"){
if(!pattern56.test(data6)){
const err14 = {instancePath:instancePath+"/platforms/" + i2,schemaPath:"#/properties/platforms/items/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]+/[a-z0-9_]+(/[a-z0-9]+)?$"},message:"must match pattern \""+"^[a-z0-9]+/[a-z0-9_]+(/[a-z0-9]+)?$"+"\"",schema:"^[a-z0-9]+/[a-z0-9_]+(/[a-z0-9]+)?$",parentSchema:schema51.properties.platforms.items,data:data6};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
else {
const err15 = {instancePath:instancePath+"/platforms/" + i2,schemaPath:"#/properties/platforms/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema51.properties.platforms.items.type,parentSchema:schema51.properties.platforms.items,data:data6};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
let i3 = data5.length;
let j1;
if(i3 > 1){
const indices1 = {};
for(;i3--;){
let item1 = data5[i3];
if(typeof item1 !== "string"){
continue;
}
if(typeof indices1[item1] == "number"){
j1 = indices1[item1];
const err16 = {instancePath:instancePath+"/platforms",schemaPath:"#/properties/platforms/uniqueItems",keyword:"uniqueItems",params:{i: i3, j: j1},message:"must NOT have duplicate items (items ## "+j1+" and "+i3+" are identical)",schema:true,parentSchema:schema51.properties.platforms,data:data5};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
break;
}
indices1[item1] = i3;
}
}
}
else {
const err17 = {instancePath:instancePath+"/platforms",schemaPath:"#/properties/platforms/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema51.properties.platforms.type,parentSchema:schema51.properties.platforms,data:data5};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.buildCache !== undefined){
let data7 = data.buildCache;
if(typeof data7 === "string"){
if(func3(data7) > 200){
const err18 = {instancePath:instancePath+"/buildCache",schemaPath:"#/properties/buildCache/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema51.properties.buildCache,data:data7};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(!pattern57.test(data7)){
const err19 = {instancePath:instancePath+"/buildCache",schemaPath:"#/properties/buildCache/pattern",keyword:"pattern",params:{pattern: "^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:[0-9]{1,5})?|\\[[0-9a-fA-F:]+\\](:[0-9]{1,5})?)(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)+$"},message:"must match pattern \""+"^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:[0-9]{1,5})?|\\[[0-9a-fA-F:]+\\](:[0-9]{1,5})?)(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)+$"+"\"",schema:"^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:[0-9]{1,5})?|\\[[0-9a-fA-F:]+\\](:[0-9]{1,5})?)(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)+$",parentSchema:schema51.properties.buildCache,data:data7};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/buildCache",schemaPath:"#/properties/buildCache/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema51.properties.buildCache.type,parentSchema:schema51.properties.buildCache,data:data7};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.prometheus !== undefined){
let data8 = data.prometheus;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
for(const key1 in data8){
if(!(key1 === "environment")){
const err21 = {instancePath:instancePath+"/prometheus",schemaPath:"#/properties/prometheus/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema51.properties.prometheus,data:data8};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data8.environment !== undefined){
let data9 = data8.environment;
if(typeof data9 === "string"){
if(!pattern7.test(data9)){
const err22 = {instancePath:instancePath+"/prometheus/environment",schemaPath:"#/properties/prometheus/properties/environment/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",parentSchema:schema51.properties.prometheus.properties.environment,data:data9};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
else {
const err23 = {instancePath:instancePath+"/prometheus/environment",schemaPath:"#/properties/prometheus/properties/environment/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema51.properties.prometheus.properties.environment.type,parentSchema:schema51.properties.prometheus.properties.environment,data:data9};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
}
else {
const err24 = {instancePath:instancePath+"/prometheus",schemaPath:"#/properties/prometheus/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema51.properties.prometheus.type,parentSchema:schema51.properties.prometheus,data:data8};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data.ci !== undefined){
let data10 = data.ci;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
if(data10.systems === undefined){
const err25 = {instancePath:instancePath+"/ci",schemaPath:"#/properties/ci/required",keyword:"required",params:{missingProperty: "systems"},message:"must have required property '"+"systems"+"'",schema:schema51.properties.ci.required,parentSchema:schema51.properties.ci,data:data10};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
for(const key2 in data10){
if(!(((((((key2 === "systems") || (key2 === "environment")) || (key2 === "ttl")) || (key2 === "node")) || (key2 === "runner")) || (key2 === "testCommand")) || (key2 === "previewCommand"))){
const err26 = {instancePath:instancePath+"/ci",schemaPath:"#/properties/ci/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties",schema:false,parentSchema:schema51.properties.ci,data:data10};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data10.systems !== undefined){
let data11 = data10.systems;
if(Array.isArray(data11)){
const len2 = data11.length;
for(let i4=0; i4<len2; i4++){
let data12 = data11[i4];
if(typeof data12 !== "string"){
const err27 = {instancePath:instancePath+"/ci/systems/" + i4,schemaPath:"#/properties/ci/properties/systems/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema51.properties.ci.properties.systems.items.type,parentSchema:schema51.properties.ci.properties.systems.items,data:data12};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(!(((data12 === "circleci") || (data12 === "github")) || (data12 === "gitlab"))){
const err28 = {instancePath:instancePath+"/ci/systems/" + i4,schemaPath:"#/properties/ci/properties/systems/items/enum",keyword:"enum",params:{allowedValues: schema51.properties.ci.properties.systems.items.enum},message:"must be equal to one of the allowed values",schema:schema51.properties.ci.properties.systems.items.enum,parentSchema:schema51.properties.ci.properties.systems.items,data:data12};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
let i5 = data11.length;
let j2;
if(i5 > 1){
const indices2 = {};
for(;i5--;){
let item2 = data11[i5];
if(typeof item2 !== "string"){
continue;
}
if(typeof indices2[item2] == "number"){
j2 = indices2[item2];
const err29 = {instancePath:instancePath+"/ci/systems",schemaPath:"#/properties/ci/properties/systems/uniqueItems",keyword:"uniqueItems",params:{i: i5, j: j2},message:"must NOT have duplicate items (items ## "+j2+" and "+i5+" are identical)",schema:true,parentSchema:schema51.properties.ci.properties.systems,data:data11};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
break;
}
indices2[item2] = i5;
}
}
}
else {
const err30 = {instancePath:instancePath+"/ci/systems",schemaPath:"#/properties/ci/properties/systems/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema51.properties.ci.properties.systems.type,parentSchema:schema51.properties.ci.properties.systems,data:data11};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data10.environment !== undefined){
let data13 = data10.environment;
if(typeof data13 === "string"){
if(!pattern7.test(data13)){
const err31 = {instancePath:instancePath+"/ci/environment",schemaPath:"#/properties/ci/properties/environment/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"+"\"",schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",parentSchema:schema51.properties.ci.properties.environment,data:data13};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
else {
const err32 = {instancePath:instancePath+"/ci/environment",schemaPath:"#/properties/ci/properties/environment/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema51.properties.ci.properties.environment.type,parentSchema:schema51.properties.ci.properties.environment,data:data13};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
if(data10.ttl !== undefined){
let data14 = data10.ttl;
if(typeof data14 === "string"){
if(!pattern25.test(data14)){
const err33 = {instancePath:instancePath+"/ci/ttl",schemaPath:"#/properties/ci/properties/ttl/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,5}[smhdw]$"},message:"must match pattern \""+"^[1-9][0-9]{0,5}[smhdw]$"+"\"",schema:"^[1-9][0-9]{0,5}[smhdw]$",parentSchema:schema51.properties.ci.properties.ttl,data:data14};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
else {
const err34 = {instancePath:instancePath+"/ci/ttl",schemaPath:"#/properties/ci/properties/ttl/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema51.properties.ci.properties.ttl.type,parentSchema:schema51.properties.ci.properties.ttl,data:data14};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
if(data10.node !== undefined){
let data15 = data10.node;
if(typeof data15 === "string"){
if(!pattern61.test(data15)){
const err35 = {instancePath:instancePath+"/ci/node",schemaPath:"#/properties/ci/properties/node/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]*(\\.[0-9]+){0,2}$"},message:"must match pattern \""+"^[1-9][0-9]*(\\.[0-9]+){0,2}$"+"\"",schema:"^[1-9][0-9]*(\\.[0-9]+){0,2}$",parentSchema:schema51.properties.ci.properties.node,data:data15};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
else {
const err36 = {instancePath:instancePath+"/ci/node",schemaPath:"#/properties/ci/properties/node/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema51.properties.ci.properties.node.type,parentSchema:schema51.properties.ci.properties.node,data:data15};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data10.runner !== undefined){
let data16 = data10.runner;
if(typeof data16 === "string"){
if(!pattern62.test(data16)){
const err37 = {instancePath:instancePath+"/ci/runner",schemaPath:"#/properties/ci/properties/runner/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][-A-Za-z0-9_./]*$"},message:"must match pattern \""+"^[A-Za-z0-9][-A-Za-z0-9_./]*$"+"\"",schema:"^[A-Za-z0-9][-A-Za-z0-9_./]*$",parentSchema:schema51.properties.ci.properties.runner,data:data16};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
else {
const err38 = {instancePath:instancePath+"/ci/runner",schemaPath:"#/properties/ci/properties/runner/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema51.properties.ci.properties.runner.type,parentSchema:schema51.properties.ci.properties.runner,data:data16};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(data10.testCommand !== undefined){
let data17 = data10.testCommand;
if(typeof data17 === "string"){
if(!pattern63.test(data17)){
const err39 = {instancePath:instancePath+"/ci/testCommand",schemaPath:"#/properties/ci/properties/testCommand/pattern",keyword:"pattern",params:{pattern: "^[^\\r\\n]+$"},message:"must match pattern \""+"^[^\\r\\n]+$"+"\"",schema:"^[^\\r\\n]+$",parentSchema:schema51.properties.ci.properties.testCommand,data:data17};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
else {
const err40 = {instancePath:instancePath+"/ci/testCommand",schemaPath:"#/properties/ci/properties/testCommand/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema51.properties.ci.properties.testCommand.type,parentSchema:schema51.properties.ci.properties.testCommand,data:data17};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
if(data10.previewCommand !== undefined){
let data18 = data10.previewCommand;
if(typeof data18 === "string"){
if(!pattern63.test(data18)){
const err41 = {instancePath:instancePath+"/ci/previewCommand",schemaPath:"#/properties/ci/properties/previewCommand/pattern",keyword:"pattern",params:{pattern: "^[^\\r\\n]+$"},message:"must match pattern \""+"^[^\\r\\n]+$"+"\"",schema:"^[^\\r\\n]+$",parentSchema:schema51.properties.ci.properties.previewCommand,data:data18};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
else {
const err42 = {instancePath:instancePath+"/ci/previewCommand",schemaPath:"#/properties/ci/properties/previewCommand/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema51.properties.ci.properties.previewCommand.type,parentSchema:schema51.properties.ci.properties.previewCommand,data:data18};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
}
else {
const err43 = {instancePath:instancePath+"/ci",schemaPath:"#/properties/ci/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema51.properties.ci.type,parentSchema:schema51.properties.ci,data:data10};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
}
else {
const err44 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema51.type,parentSchema:schema51,data};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
validate27.errors = vErrors;
return errors === 0;
}
