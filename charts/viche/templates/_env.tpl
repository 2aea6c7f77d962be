{{/*
Settings of each process, as YAML lists of environment variables: VICHE_* as in the table of docs/operating.md.
They stand in the pods themselves, so that an old pod that starts again during an update keeps its own.
*/}}

{{/*
One variable; nothing where the value is empty. Takes a list of name and value.
Numbers are written as JSON has them: 1000000, where Helm's own words would be 1e+06.
*/}}
{{- define "viche.var" -}}
{{- $value := index . 1 -}}
{{- if not (or (kindIs "invalid" $value) (eq (toString $value) "")) }}
- name: {{ index . 0 }}
  value: {{ kindIs "string" $value | ternary $value (toJson $value) | quote }}
{{- end }}
{{- end }}

{{/* One variable out of a Secret. Takes a list of name, Secret and key. */}}
{{- define "viche.secretVar" -}}
- name: {{ index . 0 }}
  valueFrom:
    secretKeyRef:
      name: {{ index . 1 }}
      key: {{ index . 2 }}
{{- end }}

{{/* All of a component: its settings, telemetry, what the operator adds. Takes root, component and own (its values). */}}
{{- define "viche.env" -}}
{{- $settings := hasKey .root.Values.connectors.pods .component | ternary "viche.connectorEnv" "viche.ownEnv" -}}
{{- $parts := list (include $settings .) (include "viche.sharedEnv" .) -}}
{{- range $name, $value := .own.env -}}
{{- $parts = append $parts (include "viche.var" (list $name $value)) -}}
{{- end -}}
{{- with .root.Values.extraEnv -}}
{{- $parts = append $parts (toYaml .) -}}
{{- end -}}
{{- range $parts }}
{{- with trim . }}
{{ . }}
{{- end }}
{{- end }}
{{- end }}

{{/* ConfigMaps and Secrets whose keys are variables, of all pods and of the component. Takes root and own. */}}
{{- define "viche.envFrom" -}}
{{- with concat .root.Values.extraEnvFrom (.own.envFrom | default list) }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The settings of a component. Takes root and component. */}}
{{- define "viche.ownEnv" -}}
{{- if has .component (include "viche.databaseServices" . | fromYamlArray) }}
{{- include "viche.env.database" . }}
{{- end }}
{{- if ne .component "cli" }}
{{- include "viche.env.process" . }}
{{- end }}
{{- include (printf "viche.env.%s" .component) . }}
{{- include "viche.env.addresses" . }}
{{- if has .component (include "viche.objectUsers" . | fromYamlArray) }}
{{- include "viche.env.objects" . }}
{{- end }}
{{- end }}

{{/* What every process but the command line reads. */}}
{{- define "viche.env.process" }}
{{- $values := .root.Values }}
{{- include "viche.var" (list "VICHE_SERVICE_KEY" "/etc/viche/keys/service.pem") }}
{{- include "viche.var" (list "VICHE_METRICS_LISTEN" "0.0.0.0:9090") }}
{{- include "viche.var" (list "VICHE_LOG_LEVEL" $values.settings.logLevel) }}
{{- include "viche.var" (list "VICHE_LANGUAGES" (join "," $values.region.languages)) }}
{{- include "viche.var" (list "VICHE_PUBLIC_URL" $values.region.url) }}
{{- end }}

{{/* What every service with a database reads. */}}
{{- define "viche.env.database" }}
{{- $secret := include "viche.databaseSecret" (dict "root" .root "service" .component) | fromYaml }}
{{- include "viche.var" (list "VICHE_LISTEN" "0.0.0.0:9000") }}
{{- include "viche.var" (list "VICHE_SERVICE_KEYS" "/etc/viche/public") }}
{{- include "viche.var" (list "VICHE_DATA_KEY" "/etc/viche/keys/data.key") }}
{{ include "viche.secretVar" (list "VICHE_DATABASE_URL" $secret.name $secret.key) }}
{{- include "viche.var" (list "VICHE_DATABASE_POOL" (get .root.Values.services .component).pool) }}
{{- include "viche.var" (list "VICHE_DATABASE_POOLER" .root.Values.database.pooler) }}
{{ include "viche.secretVar" (list "VICHE_NATS_URL" .root.Values.nats.existingSecret .component) }}
{{- include "viche.var" (list "VICHE_NATS_REPLICAS" .root.Values.nats.replicas) }}
{{- end }}

{{/* Where the services answer that a component calls: all addresses of a headless Service, taken in turn. */}}
{{- define "viche.env.addresses" }}
{{- range get (include "viche.calls" . | fromYaml) .component }}
{{- $address := printf "dns:///%s-%s-headless.%s.svc:9000" (include "viche.fullname" $.root) . $.root.Release.Namespace }}
{{- include "viche.var" (list (printf "VICHE_%s_ADDRESS" (upper .)) $address) }}
{{- end }}
{{- end }}

{{/* Where files are kept. */}}
{{- define "viche.env.objects" }}
{{- $objects := .root.Values.objects }}
{{- if $objects.folder.enabled }}
{{- include "viche.var" (list "VICHE_OBJECTS_DIR" "/var/lib/viche/objects") }}
{{- else }}
{{ include "viche.secretVar" (list "VICHE_S3_URL" $objects.existingSecret $objects.key) }}
{{- end }}
{{- end }}

{{- define "viche.env.identity" }}
{{- $values := .root.Values }}
{{- include "viche.var" (list "VICHE_REGION_NAME" $values.region.name) }}
{{- include "viche.var" (list "VICHE_RATE_FACTOR" $values.settings.rateFactor) }}
{{- include "viche.var" (list "VICHE_IDENTITY_SIGNING_KEYS" "/etc/viche/signing") }}
{{- if $values.providers.existingSecret }}
{{- include "viche.var" (list "VICHE_IDENTITY_PROVIDERS" "/etc/viche/providers/providers.toml") }}
{{- end }}
{{- include "viche.var" (list "VICHE_IDENTITY_ALLOW_DIRECT_SESSIONS" $values.settings.allowDirectSessions) }}
{{- include "viche.var" (list "VICHE_OFFICER_SESSION_HOURS" $values.settings.officerSessionHours) }}
{{- end }}

{{- define "viche.env.petitions" }}
{{- $values := .root.Values }}
{{- include "viche.var" (list "VICHE_TIMEZONE" $values.region.timezone) }}
{{- include "viche.var" (list "VICHE_RATE_FACTOR" $values.settings.rateFactor) }}
{{- include "viche.var" (list "VICHE_TRACE_DAYS" $values.settings.traceDays) }}
{{- include "viche.var" (list "VICHE_PLUGINS" (join "," $values.plugins.use)) }}
{{- end }}

{{- define "viche.env.surveys" }}
{{- $values := .root.Values }}
{{- include "viche.var" (list "VICHE_TIMEZONE" $values.region.timezone) }}
{{- include "viche.var" (list "VICHE_RATE_FACTOR" $values.settings.rateFactor) }}
{{- include "viche.var" (list "VICHE_DRAFT_DAYS" $values.settings.draftDays) }}
{{- end }}

{{- define "viche.env.social" }}
{{- $values := .root.Values }}
{{- include "viche.var" (list "VICHE_TIMEZONE" $values.region.timezone) }}
{{- include "viche.var" (list "VICHE_COUNTRY" $values.region.country) }}
{{- include "viche.var" (list "VICHE_PLUGINS" (join "," $values.plugins.use)) }}
{{- include "viche.var" (list "VICHE_CONNECTOR_WAYS" (include "viche.connectorWays" .root)) }}
{{- include "viche.var" (list "VICHE_CONNECTOR_NETWORKS" (join "," $values.connectors.networks)) }}
{{- if $values.connectors.existingSecret }}
{{- include "viche.var" (list "VICHE_CONNECTORS" "/etc/viche/connectors/connectors.toml") }}
{{- end }}
{{- if include "viche.hasOfficeWords" .root }}
{{- include "viche.var" (list "VICHE_OFFICE_WORDS" "/etc/viche/office-words/office-words.toml") }}
{{- end }}
{{- include "viche.var" (list "VICHE_FOUR_EYES" $values.settings.fourEyes) }}
{{- include "viche.var" (list "VICHE_POST_FILE_MB" $values.settings.postFileMb) }}
{{- include "viche.var" (list "VICHE_SOURCED_POSTS" (join "," $values.settings.sourcedPosts)) }}
{{- include "viche.var" (list "VICHE_VISITORS_KEPT_DAYS" $values.settings.visitorsKeptDays) }}
{{- include "viche.var" (list "VICHE_INBOX_KEPT_MONTHS" $values.settings.inboxKeptMonths) }}
{{- end }}

{{- define "viche.env.notifications" }}
{{- $values := .root.Values }}
{{- include "viche.var" (list "VICHE_REGION_NAME" $values.region.name) }}
{{- include "viche.var" (list "VICHE_TIMEZONE" $values.region.timezone) }}
{{- include "viche.env.brand" . }}
{{ include "viche.secretVar" (list "VICHE_SMTP_URL" $values.mail.existingSecret $values.mail.key) }}
{{- include "viche.var" (list "VICHE_MAIL_FROM" $values.mail.from) }}
{{- include "viche.var" (list "VICHE_MAIL_BOUNCES" $values.mail.bounces) }}
{{- include "viche.var" (list "VICHE_SMTP_URGENT_CONNECTIONS" $values.mail.urgentConnections) }}
{{- include "viche.var" (list "VICHE_SMTP_BULK_CONNECTIONS" $values.mail.bulkConnections) }}
{{- end }}

{{- define "viche.env.gateway" }}
{{- $values := .root.Values }}
{{- include "viche.var" (list "VICHE_HTTP_LISTEN" "0.0.0.0:8000") }}
{{- include "viche.var" (list "VICHE_DRAIN_FILE" "/tmp/draining") }}
{{- include "viche.var" (list "VICHE_SECRET_KEY" "/etc/viche/keys/secret.key") }}
{{- include "viche.var" (list "VICHE_REGION_NAME" $values.region.name) }}
{{- include "viche.var" (list "VICHE_TIMEZONE" $values.region.timezone) }}
{{- include "viche.env.brand" . }}
{{- include "viche.var" (list "VICHE_TRUSTED_PROXIES" $values.settings.trustedProxies) }}
{{- include "viche.var" (list "VICHE_RATE_FACTOR" $values.settings.rateFactor) }}
{{- include "viche.var" (list "VICHE_FOUR_EYES" $values.settings.fourEyes) }}
{{- include "viche.var" (list "VICHE_POST_FILE_MB" $values.settings.postFileMb) }}
{{- include "viche.var" (list "VICHE_PUBLIC_PRESENCE" $values.settings.publicPresence) }}
{{- include "viche.var" (list "VICHE_DATA_LICENCE" $values.region.dataLicence.name) }}
{{- include "viche.var" (list "VICHE_DATA_LICENCE_URL" $values.region.dataLicence.url) }}
{{- end }}

{{- define "viche.env.cli" }}
{{- include "viche.var" (list "VICHE_SERVICE_KEY" "/etc/viche/keys/cli.pem") }}
{{- include "viche.var" (list "VICHE_LANGUAGES" (join "," .root.Values.region.languages)) }}
{{- include "viche.var" (list "VICHE_PUBLIC_URL" .root.Values.region.url) }}
{{- include "viche.var" (list "VICHE_PLUGINS" (join "," .root.Values.plugins.use)) }}
{{- end }}

{{/* The file of names and looks, where there is one. */}}
{{- define "viche.env.brand" }}
{{- if include "viche.hasBrand" .root }}
{{- include "viche.var" (list "VICHE_BRAND" "/etc/viche/brand/brand.toml") }}
{{- end }}
{{- end }}

{{/* What connectors have as well: plugins, authorities of certificates, traces. Takes root and component. */}}
{{- define "viche.sharedEnv" }}
{{- if include "viche.fetchesPlugins" . }}
{{- include "viche.var" (list "PYTHONPATH" "/opt/viche-plugins") }}
{{- end }}
{{- include "viche.certificateEnv" .root }}
{{- include "viche.env.telemetry" . }}
{{- end }}

{{/* Authorities of certificates in place of the system's, where the values name them. Takes the root. */}}
{{- define "viche.certificateEnv" }}
{{- with .Values.certificates }}
{{- if .existingConfigMap }}
{{- include "viche.var" (list "SSL_CERT_FILE" (printf "/etc/viche/certificates/%s" .key)) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Where traces go, in the standard settings of OpenTelemetry; nothing where they go nowhere. */}}
{{- define "viche.env.telemetry" }}
{{- $otlp := .root.Values.telemetry.otlp }}
{{- if $otlp.endpoint }}
{{- $attributes := list (printf "k8s.namespace.name=%s" .root.Release.Namespace) "k8s.pod.name=$(POD_NAME)" }}
{{- range $name, $value := .root.Values.telemetry.resourceAttributes }}
{{- $attributes = append $attributes (printf "%s=%s" $name $value) }}
{{- end }}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- include "viche.var" (list "OTEL_EXPORTER_OTLP_ENDPOINT" $otlp.endpoint) }}
{{- with $otlp.headersSecret }}
{{ include "viche.secretVar" (list "OTEL_EXPORTER_OTLP_HEADERS" . $otlp.headersKey) }}
{{- end }}
{{- include "viche.var" (list "OTEL_TRACES_SAMPLER" .root.Values.telemetry.sampler) }}
{{- include "viche.var" (list "OTEL_TRACES_SAMPLER_ARG" .root.Values.telemetry.samplerArgument) }}
{{- include "viche.var" (list "OTEL_RESOURCE_ATTRIBUTES" (join "," $attributes)) }}
{{- end }}
{{- end }}
