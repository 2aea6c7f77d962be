{{/*
What values.schema.json cannot say, or not in a sentence. Each of these takes the root and gives a line for each fault,
with what to do about it; templates/refuse.yaml tells them all at once.
*/}}

{{- define "viche.refuse.region" -}}
{{- if not .Values.region.url }}
region.url is empty: set it to the portal's address as citizens write it, for instance https://petitions.example.org.
{{- end }}
{{- if not .Values.image.registry }}
image.registry is empty: set it to where your images are, for instance registry.example.org/viche.
{{- end }}
{{- if not .Values.mail.from }}
mail.from is empty: set it to the sender of the mails, for instance "Petitions <petitions@example.org>".
{{- end }}
{{- with .Values.region.languages }}
{{- if ne (len (uniq .)) (len .) }}
region.languages names a language twice: name each once, the default one first.
{{- end }}
{{- end }}
{{- $brand := .Values.region.brand }}
{{- if and $brand.existingConfigMap (or $brand.toml $brand.files $brand.binaryFiles) }}
region.brand.existingConfigMap is set beside toml or files, and only one can be mounted: leave the ConfigMap or the texts out.
{{- end }}
{{- if and (or $brand.files $brand.binaryFiles) (not $brand.toml) }}
region.brand has files but no toml that names them: set region.brand.toml, or leave the files out.
{{- end }}
{{- if and .Values.region.officeWords.existingConfigMap .Values.region.officeWords.toml }}
region.officeWords has both toml and existingConfigMap: leave one out.
{{- end }}
{{- end }}

{{- define "viche.refuse.secrets" -}}
{{- $database := .Values.database }}
{{- range include "viche.databaseServices" . | fromYamlArray }}
{{- if not (include "viche.databaseSecret" (dict "root" $ "service" .) | fromYaml).name }}
the database of {{ . }} has no Secret: set database.existingSecret (or database.secrets.{{ . }}.existingSecret) to the name of one with its URL.
{{- end }}
{{- end }}
{{- if and $database.prepare.enabled (not $database.prepare.existingSecret) }}
database.prepare is on without an administrator: set database.prepare.existingSecret to a Secret with the URL of one, or make roles and databases yourself.
{{- end }}
{{- if and $database.pooler (not .Values.migrations.existingSecret) }}
database.pooler is on and migrations would go through it, where their lock does not hold: set migrations.existingSecret to a Secret with URLs of PostgreSQL itself.
{{- end }}
{{- if not .Values.nats.existingSecret }}
nats.existingSecret is empty: name a Secret with the services' NATS URLs.
{{- end }}
{{- if not .Values.mail.existingSecret }}
mail.existingSecret is empty: name a Secret with the URL of your mail server.
{{- end }}
{{- $folder := .Values.objects.folder.enabled }}
{{- if and (not $folder) (not .Values.objects.existingSecret) }}
objects.existingSecret is empty: name a Secret with the URL of a bucket, or set objects.folder.enabled for a trial.
{{- end }}
{{- if and $folder .Values.objects.existingSecret }}
objects has both a bucket and a folder: empty objects.existingSecret, or switch objects.folder.enabled off.
{{- end }}
{{- if and $folder .Values.objects.prepare.enabled }}
objects.prepare makes a bucket, and files lie in a folder: switch one of them off.
{{- end }}
{{- end }}

{{- define "viche.refuse.connections" -}}
{{- $database := .Values.database }}
{{- $asked := include "viche.connections" . | int }}
{{- $free := sub ($database.maxConnections | int) ($database.reservedConnections | int) | int }}
{{- if and (gt ($database.maxConnections | int) 0) (gt $asked $free) }}
PostgreSQL could be asked for {{ $asked }} connections and has {{ $free }} (database.maxConnections {{ $database.maxConnections }} less {{ $database.reservedConnections }} that stay free): {{ include "viche.connectionsSaid" . }}. Lower replicas, autoscaling.maxReplicas or pool of a service, or raise max_connections of the server and database.maxConnections with it.
{{- end }}
{{- end }}

{{- define "viche.refuse.replicas" -}}
{{- range $name, $own := .Values.services }}
{{- $scaling := $own.autoscaling }}
{{- if and $scaling.enabled (gt ($scaling.minReplicas | int) ($scaling.maxReplicas | int)) }}
services.{{ $name }}.autoscaling has minReplicas {{ $scaling.minReplicas }} above maxReplicas {{ $scaling.maxReplicas }}: lower the first or raise the second.
{{- end }}
{{- if and $scaling.enabled (not (dig "requests" "cpu" "" $own.resources)) }}
services.{{ $name }}.autoscaling follows the share of the requested processor: set services.{{ $name }}.resources.requests.cpu.
{{- end }}
{{- $isUser := has $name (include "viche.objectUsers" . | fromYamlArray) }}
{{- if and $isUser $.Values.objects.folder.enabled (gt (include "viche.mostReplicas" $own | int) 1) }}
services.{{ $name }} may have more than one replica and files lie in a folder: use a bucket (objects.existingSecret), or one replica.
{{- end }}
{{- end }}
{{- end }}

{{- define "viche.refuse.ways-in" -}}
{{- $ingress := .Values.ingress.enabled }}
{{- $api := .Values.gatewayApi }}
{{- if and $ingress $api.enabled }}
ingress and gatewayApi are both on: switch one off.
{{- end }}
{{- if and (or $ingress $api.enabled) (regexMatch "^([0-9.]+|\\[.*\\])$" (include "viche.hostOf" .Values.region.url)) }}
region.url names an address of a machine, and neither an Ingress nor a route leads to one: give it a host name.
{{- end }}
{{- if and (or $ingress $api.enabled) (eq (toString .Values.settings.trustedProxies) "0") }}
a proxy stands in front and settings.trustedProxies is 0, so that all readers would have its address: set it to the network of your proxies, for instance 10.0.0.0/8, or to how many stand in a row.
{{- end }}
{{- $isOpen := or $ingress $api.enabled (ne .Values.service.type "ClusterIP") }}
{{- if and $isOpen .Values.networkPolicy.enabled (not .Values.networkPolicy.gatewayFrom) }}
networkPolicy.gatewayFrom is empty, so that nobody would reach the portal: name the namespace of your ingress controller there, or the networks that callers come from, or switch networkPolicy.enabled off.
{{- end }}
{{- if and $api.enabled (not $api.parentRefs) (not $api.gateway.create) }}
gatewayApi has no Gateway: name one in gatewayApi.parentRefs, or set gatewayApi.gateway.create.
{{- end }}
{{- if and $api.enabled $api.gateway.create (not (and $api.gateway.className $api.gateway.certificateSecret)) }}
gatewayApi.gateway needs className and certificateSecret: set both, or name a Gateway of yours in gatewayApi.parentRefs.
{{- end }}
{{- if and $ingress (not .Values.ingress.tls.enabled) (hasPrefix "https://" .Values.region.url) (not .Values.ingress.annotations) }}
region.url begins with https:// and the Ingress has neither TLS nor an annotation that says who ends it: set ingress.tls.enabled.
{{- end }}
{{- end }}

{{- define "viche.refuse.policies" -}}
{{- $known := concat (keys .Values.services) (keys .Values.connectors.pods) (list "cli") | sortAlpha }}
{{- range $where, $rules := pick .Values.networkPolicy "extraEgress" "extraIngress" }}
{{- $names := eq $where "extraEgress" | ternary (append $known "jobs") $known }}
{{- range $name, $_ := $rules }}
{{- if not (has $name $names) }}
networkPolicy.{{ $where }}.{{ $name }} names no component: write one of {{ join ", " $names }}.
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "viche.refuse.connectors" -}}
{{- range $name, $_ := .Values.connectors.pods }}
{{- if hasKey $.Values.connectors.ways $name }}
connectors.ways.{{ $name }} stands beside connectors.pods.{{ $name }}: leave the way out, it follows from the pod.
{{- end }}
{{- if and $.Values.plugins.use (not (has $name $.Values.plugins.use)) }}
connectors.pods.{{ $name }} is not among plugins.use, so nobody would call it: add it there, or leave the pod out.
{{- end }}
{{- end }}
{{- end }}

{{- define "viche.refuse.external-secrets" -}}
{{- $external := .Values.externalSecrets }}
{{- if and $external.enabled (not $external.store.name) }}
externalSecrets is on without a store: set externalSecrets.store.name.
{{- end }}
{{- if and $external.enabled (not $external.secrets) }}
externalSecrets is on and names no Secret: list them in externalSecrets.secrets, or switch it off.
{{- end }}
{{- end }}

{{- define "viche.refuse.pods" -}}
{{- $pods := .Values.pods }}
{{- $needed := add (max ($pods.preStopSeconds | int) ($pods.gatewayPreStopSeconds | int)) 25 | int }}
{{- if lt ($pods.terminationGracePeriodSeconds | int) $needed }}
pods.terminationGracePeriodSeconds {{ $pods.terminationGracePeriodSeconds }} would cut what is under way: set it to {{ $needed }} or more, 25 more than the longer of preStopSeconds and gatewayPreStopSeconds.
{{- end }}
{{- $places := dict "cli" (list "cli" .Values.cli) }}
{{- range $name, $own := .Values.services }}
{{- $_ := set $places (printf "services.%s" $name) (list $name $own) }}
{{- end }}
{{- range $name, $own := .Values.connectors.pods }}
{{- $_ := set $places (printf "connectors.pods.%s" $name) (list $name ($own | default dict)) }}
{{- end }}
{{- range $place, $given := $places }}
{{- $taken := list }}
{{- range include "viche.env" (dict "root" $ "component" (first $given) "own" (last $given)) | fromYamlArray }}
{{- if has .name $taken }}
{{ $place }} gets {{ .name }} twice: the chart sets it from other values, so leave it out of env and extraEnv.
{{- end }}
{{- $taken = append $taken .name }}
{{- end }}
{{- end }}
{{- end }}
