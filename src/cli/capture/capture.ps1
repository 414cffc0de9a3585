# Captures an Azure tenant for Dictum @VERSION@: reads with `az`, changes nothing.
#
#   .\capture.ps1 FOLDER [-Skip COLLECTION,...]
#
# Needs Windows PowerShell 5.1 or PowerShell 7 and the Azure CLI, signed in (`az login`). FOLDER must not exist yet, or be empty.
# What comes out is described in Dictum's docs/capture.md; read it with `dictum check -i FOLDER`.
# Ends with 0 where everything asked for is complete, 3 where something is not, 2 where it could not start.
param(
    [Parameter(Mandatory = $true, Position = 0)] [string] $Folder,
    [string[]] $Skip = @()
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Continue'
# The one output that this script can read, whatever the user has configured.
$env:AZURE_CORE_OUTPUT = 'json'
$env:AZURE_CORE_NO_COLOR = 'true'
$env:AZURE_CORE_ONLY_SHOW_ERRORS = 'false'

$Attempts = 8
$LongestWait = 60

# Collection, what it is asked for each of, URL: separated by tabs.
$Table = @'
@QUERIES@
'@
$Queries = @($Table -split "`r?`n" | Where-Object { $_ } | ForEach-Object {
        $part = $_ -split "`t"
        [pscustomobject]@{ Collection = $part[0]; Each = $part[1]; Url = $part[2] }
    })
$Collections = @($Queries | ForEach-Object { $_.Collection } | Select-Object -Unique)

function Say([string] $text) { [Console]::Error.WriteLine($text) }
function Stop-Capture([string] $text) { Say "error: $text"; exit 2 }
function Get-Now { (Get-Date).ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture) }
function Write-Utf8([string] $path, [string] $text) {
    [IO.File]::WriteAllText($path, $text, (New-Object Text.UTF8Encoding $false))
}

$Skip = @($Skip | ForEach-Object { $_ -split ',' } | Where-Object { $_ })
foreach ($name in $Skip) {
    if ($Collections -cnotcontains $name) { Stop-Capture "there is no collection $name; there are: $($Collections -join ' ')" }
}
if ((Test-Path -LiteralPath $Folder) -and @(Get-ChildItem -LiteralPath $Folder -Force).Count) {
    Stop-Capture "$Folder is not empty: a capture starts in a folder of its own"
}
if (-not (Get-Command az -ErrorAction SilentlyContinue)) { Stop-Capture 'the Azure CLI (az) is not installed' }
$Folder = (New-Item -ItemType Directory -Force -Path $Folder).FullName
$Page = [IO.Path]::GetTempFileName()
$Log = [IO.Path]::GetTempFileName()

$Files = New-Object Collections.Generic.List[object]      # Collection, Path, Rows
$Failures = New-Object Collections.Generic.List[object]   # Collection, Status, Url, Message
$Notes = New-Object Collections.Generic.List[string]
$Things = @{}                                             # what kind of thing -> the ids that came
$IdKey = @{
    subscriptions = @('subscription', 'subscriptionId'); managementGroups = @('managementGroup', 'name')
    identities = @('identity', 'id'); groups = @('group', 'id'); applications = @('application', 'id')
    servicePrincipals = @('servicePrincipal', 'id')
}
$ListOf = @{}
foreach ($list in $IdKey.Keys) { $ListOf[$IdKey[$list][0]] = $list }

$Tenant = az account show --query tenantId --output tsv
if ($LASTEXITCODE -ne 0) { Stop-Capture 'az is not signed in: run az login' }
$Account = az account show --query user.name --output tsv
$Graph = az cloud show --query endpoints.microsoftGraphResourceId --output tsv
if ($LASTEXITCODE -ne 0) { Stop-Capture 'az does not know the address of Microsoft Graph' }
$Graph = $Graph.TrimEnd('/')
$Version = (az version --output json | Out-String | ConvertFrom-Json).'azure-cli'
$Began = Get-Now
# On Windows az is a batch file: without quotes of its own, cmd would cut the URL at each &.
$OnWindows = $env:OS -eq 'Windows_NT'

function Get-Value($object, [string] $name) {
    $property = $object.PSObject.Properties[$name]
    if ($property) { $property.Value } else { $null }
}

# What went wrong, from what az printed: the status (0 where there was no answer), the message, the seconds to wait.
function Read-Failure {
    $text = [IO.File]::ReadAllText($Log)
    $status = 0
    if ($text -match 'Response status: (\d{3})') { $status = [int] $Matches[1] }
    $message = ''
    if ($text -match '(?m)^.*?ERROR: (.*)$') { $message = $Matches[1].Trim() }
    if (-not $message) {
        $lines = @($text -split "`r?`n" | Where-Object { $_ -and $_ -notmatch '^(INFO|DEBUG|Command ran in)' })
        if ($lines.Count) { $message = $lines[-1].Trim() }
    }
    if ($status -eq 0) {
        $words = [ordered]@{
            'Bad Request' = 400; 'Unauthorized' = 401; 'Forbidden' = 403; 'Not Found' = 404; 'Too Many Requests' = 429
            'Internal Server Error' = 500; 'Bad Gateway' = 502; 'Service Unavailable' = 503; 'Gateway Timeout' = 504
        }
        foreach ($word in $words.Keys) { if ($message.StartsWith($word)) { $status = $words[$word] } }
    }
    $wait = $null
    if ($text -match "'retry-after': '(\d+)'") { $wait = [int] $Matches[1] }
    if ($message.Length -gt 400) { $message = $message.Substring(0, 400) }
    [pscustomobject]@{ Status = $status; Message = $message; Wait = $wait }
}

# One page, asked for until it comes or is refused for good. Returns the parsed page; throws what went wrong.
function Read-Page([string] $url) {
    $attempt = 1
    $backoff = 2
    $argument = if ($OnWindows) { '"' + $url + '"' } else { $url }
    while ($true) {
        # --verbose: az tells the status and the Retry-After header of an answer nowhere else.
        # --output-file: what Azure sent, byte for byte; the console would change its encoding.
        Set-Content -LiteralPath $Page -Value '' -NoNewline
        az rest --method get --url $argument --output-file $Page --output json --verbose 2>$Log >$null
        if ($LASTEXITCODE -eq 0) {
            $object = $null
            try { $object = [IO.File]::ReadAllText($Page) | ConvertFrom-Json } catch { $object = $null }
            if ($object -and ($object.PSObject.Properties['value'] -or $object.PSObject.Properties['id'])) { return $object }
            $script:Failure = [pscustomobject]@{ Status = 0; Message = 'the answer is neither a list nor an object with an id' }
            return $null
        }
        $script:Failure = Read-Failure
        if (@(0, 429, 500, 502, 503, 504) -notcontains $Failure.Status) { return $null }
        if ($attempt -ge $Attempts) { return $null }
        $wait = if ($null -ne $Failure.Wait) { $Failure.Wait } else { $backoff }
        Say "  $($Failure.Status), trying again in $wait s"
        Start-Sleep -Seconds $wait
        $attempt++
        $backoff = [Math]::Min($backoff * 2, $LongestWait)
    }
}

function Get-NextLink($object) {
    foreach ($name in 'nextLink', '@odata.nextLink') {
        $link = Get-Value $object $name
        if ($link) { return $link }
    }
    return $null
}

# What kind of thing the collection lists, for the questions that are asked for each.
function Add-Things([string] $collection, $object) {
    if (-not $IdKey.ContainsKey($collection) -or -not $object.PSObject.Properties['value']) { return }
    $kind, $key = $IdKey[$collection]
    if (-not $Things.ContainsKey($kind)) { $Things[$kind] = New-Object Collections.Generic.List[string] }
    foreach ($item in @($object.value)) { $Things[$kind].Add((Get-Value $item $key)) }
}

function Add-Failure([string] $collection) {
    $Failures.Add([pscustomobject]@{ Collection = $collection; Status = $Failure.Status; Url = $Asked; Message = $Failure.Message })
    Say "  ${collection}: refused or failed ($($Failure.Status))"
}

# Every page of one question, as files under that name; none are kept of a list that only says what to ask about.
function Read-Pages([string] $collection, [string] $under, [string] $name, [string] $url, [bool] $keep) {
    if ($keep) { $null = New-Item -ItemType Directory -Force -Path (Join-Path $Folder $under) }
    while ($keep -and (Test-Path -LiteralPath (Join-Path $Folder "$under/$name.json"))) { $name += '_' }
    $number = 1
    while ($url) {
        $script:Asked = $url
        $object = Read-Page $url
        if ($null -eq $object) { Add-Failure $collection; return }
        if ($keep) {
            $file = if ($number -eq 1) { "$under/$name.json" } else { "$under/$name.$number.json" }
            Copy-Item -LiteralPath $Page -Destination (Join-Path $Folder $file)
            $rows = if ($object.PSObject.Properties['value']) { @($object.value).Count } else { 1 }
            $Files.Add([pscustomobject]@{ Collection = $collection; Path = $file; Rows = $rows })
        }
        Add-Things $collection $object
        $url = Get-NextLink $object
        $number++
    }
}

$Failure = $null
$Asked = ''
$previous = ''
foreach ($query in $Queries) {
    $collection = $query.Collection
    if ($Skip -ccontains $collection) { continue }
    if ($query.Each -eq 'otherwise') {
        # Only where the first page of the question before was refused: a page that came stays the better answer.
        if (-not $Failures.Count) { continue }
        $last = $Failures[$Failures.Count - 1]
        if ($last.Collection -cne $collection -or @(400, 403) -notcontains $last.Status) { continue }
        if (@($Files | Where-Object { $_.Collection -ceq $collection }).Count) { continue }
        $Failures.RemoveAt($Failures.Count - 1)
        $Notes.Add("$collection was refused ($($last.Status)) as first asked, and captured with fewer attributes: $($query.Url)")
    }
    if ($collection -cne $previous) { Say $collection }
    $previous = $collection
    $under = if ($collection -ceq 'groupMemberships') { 'groupMembers' } else { $collection }
    $url = $query.Url.Replace('{graph}', $Graph)
    if ($query.Each -eq 'index') {
        Read-Pages $collection $under '' $url $false
    } elseif ($query.Each -eq 'tenant' -or $query.Each -eq 'otherwise') {
        Read-Pages $collection $under ($query.Url.Split('?')[0].Split('/')[-1]) $url $true
    } elseif ($Things.ContainsKey($query.Each)) {
        $n = 0
        foreach ($id in @($Things[$query.Each])) {
            $n++
            $name = switch ($query.Each) {
                'identity' { "identity-$n" }
                'managementGroup' { 'managementGroup-' + ($id -replace '[^A-Za-z0-9_()-]', '_') }
                default { $id }
            }
            Read-Pages $collection $under $name ($url.Replace("{$($query.Each)}", $id)) $true
        }
    }
}

# Subscriptions that a management group holds and that the account doesn't see.
if ($Things.ContainsKey('subscription')) {
    $below = @($Files | Where-Object { $_.Collection -ceq 'managementGroups' } | ForEach-Object {
            [regex]::Matches([IO.File]::ReadAllText((Join-Path $Folder $_.Path)), '"id"\s*:\s*"/subscriptions/([0-9A-Fa-f-]*)"') |
                ForEach-Object { $_.Groups[1].Value }
        } | Sort-Object -Unique)
    foreach ($id in $below) {
        if ($Things['subscription'] -notcontains $id) {
            $Asked = "/subscriptions/$id"
            $Failure = [pscustomobject]@{ Status = 0; Message = "subscription $id stands below a management group, and the account doesn't see it" }
            Add-Failure 'subscriptions'
        }
    }
}

# Complete: asked for, nothing failed, and asked of everything that a complete list names. Lists come before in the table.
$Complete = New-Object Collections.Generic.List[string]
$Partial = New-Object Collections.Generic.List[string]
foreach ($collection in $Collections) {
    if ($Skip -ccontains $collection) { continue }
    $whole = -not @($Failures | Where-Object { $_.Collection -ceq $collection }).Count
    foreach ($query in @($Queries | Where-Object { $_.Collection -ceq $collection })) {
        if ($ListOf.ContainsKey($query.Each)) {
            $list = $ListOf[$query.Each]
            if ($list -cne $collection -and $Complete -cnotcontains $list) { $whole = $false }
        }
    }
    if ($whole) { $Complete.Add($collection) }
    elseif (@($Files | Where-Object { $_.Collection -ceq $collection }).Count) { $Partial.Add($collection) }
}

$counts = [ordered]@{}
$pages = [ordered]@{}
$questions = [ordered]@{}
$held = [ordered]@{}
foreach ($collection in @($Complete) + @($Partial)) {
    $mine = @($Files | Where-Object { $_.Collection -ceq $collection })
    $counts[$collection] = 0
    foreach ($file in $mine) { $counts[$collection] += $file.Rows }
    $pages[$collection] = $mine.Count
    $questions[$collection] = @($Queries | Where-Object { $_.Collection -ceq $collection } | ForEach-Object { $_.Url })
    $held[$collection] = @($mine | ForEach-Object { $_.Path })
}
$capture = [ordered]@{
    schema = 'dictum/capture/1'
    time = $Began
    ended = Get-Now
    tenant = $Tenant
    by = "dictum @VERSION@ (powershell), azure-cli $Version, $Account"
    complete = @($Complete)
    partial = @($Partial)
    counts = $counts
    pages = $pages
    queries = $questions
    files = $held
    failures = @($Failures | ForEach-Object { [ordered]@{ collection = $_.Collection; status = $_.Status; url = $_.Url; message = $_.Message } })
    notes = @($Notes)
}
Write-Utf8 (Join-Path $Folder 'capture.json') ((ConvertTo-Json -InputObject $capture -Depth 6) + "`n")
Remove-Item -LiteralPath $Page, $Log -Force

if ($Failures.Count -or $Partial.Count) {
    Say "captured in part: $($Complete.Count) collections are complete, $($Partial.Count) partial; $(Join-Path $Folder 'capture.json') names what failed"
    exit 3
}
Say "captured: $($Complete.Count) collections, all complete, in $Folder"
exit 0
